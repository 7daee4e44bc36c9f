<?php
// Copyright the External SCORM Bridge contributors. Licence: MIT OR Apache-2.0.

/**
 * Asks mod_scorm's own parser what it would store, and writes that down as JSON in the shape of modscorm::ScoTree.
 *
 *   php native_tree.php --moodle=<installed Moodle> --out=<folder> <imsmanifest.xml | package.zip>...
 *
 * For each input <folder>/<name>/ gets the manifest (imsmanifest.xml) and the answer (native.json): the tree, or
 * {"error": …} where the parser gives up. A manifest that it gives up on because of imsss:mapInfo is asked about a
 * second time without those elements ("without_mapinfo"), so that everything else of it can still be compared.
 *
 * Each manifest has a PHP process of its own, because the parser keeps static state and may end the process. The
 * database is left as it was: everything happens inside a transaction that is rolled back.
 */

declare(strict_types=1);

$options = getopt('', ['moodle:', 'out:', 'one:'], $rest);
$inputs = array_slice($argv, $rest);
if (empty($options['moodle']) || (empty($options['out']) && empty($options['one']))) {
    fwrite(STDERR, "usage: php native_tree.php --moodle=<dir> --out=<dir> <imsmanifest.xml|package.zip>...\n");
    exit(2);
}
if (isset($options['one'])) {
    native_tree_one($options['moodle'], $options['one']);
    exit(0);
}

$counts = ['trees' => 0, 'errors' => 0, 'without manifest' => 0];
foreach ($inputs as $input) {
    [$name, $manifest] = native_tree_input($input);
    if ($manifest === null) {
        fwrite(STDERR, "$name: no imsmanifest.xml at its root\n");
        $counts['without manifest']++;
        continue;
    }
    $folder = rtrim($options['out'], '/') . '/' . $name;
    if (!is_dir($folder) && !mkdir($folder, 0777, true)) {
        fwrite(STDERR, "cannot make $folder\n");
        exit(1);
    }
    file_put_contents("$folder/imsmanifest.xml", $manifest);
    $answer = native_tree_ask($options['moodle'], realpath("$folder/imsmanifest.xml"));
    if (isset($answer['error']) && preg_match('/mapinfos/', $answer['error'])) {
        $without = tempnam(sys_get_temp_dir(), 'native');
        file_put_contents($without, preg_replace('~<imsss:mapInfo\b[^>]*?(/>|>.*?</imsss:mapInfo\s*>)~s', '', $manifest));
        $answer['without_mapinfo'] = native_tree_ask($options['moodle'], $without);
        unlink($without);
    }
    $counts[isset($answer['error']) ? 'errors' : 'trees']++;
    $flags = JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR;
    file_put_contents("$folder/native.json", json_encode($answer, $flags) . "\n");
}
foreach ($counts as $what => $count) {
    echo "$what: $count\n";
}

/**
 * The name of an input and the bytes of its manifest, null if it has none.
 *
 * @param string $input path of a manifest or a zip
 * @return array{string, ?string}
 */
function native_tree_input(string $input): array {
    if (strtolower(pathinfo($input, PATHINFO_EXTENSION)) !== 'zip') {
        return [basename(dirname(realpath($input))), file_get_contents($input)];
    }
    $zip = new ZipArchive();
    $zip->open($input);
    $manifest = $zip->getFromName('imsmanifest.xml');
    return [pathinfo($input, PATHINFO_FILENAME), $manifest === false ? null : $manifest];
}

/**
 * Asks in a process of its own.
 *
 * @param string $moodle folder of the installed Moodle
 * @param string $path of the manifest
 * @return array the tree, or ['error' => …]
 */
function native_tree_ask(string $moodle, string $path): array {
    $command = [PHP_BINARY, '-d', 'max_input_vars=5000', __FILE__, "--moodle=$moodle", "--one=$path"];
    $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
    $output = stream_get_contents($pipes[1]);
    proc_close($process);
    $answer = json_decode($output, true);
    return is_array($answer) ? $answer : ['error' => 'the parser ended the process: ' . trim($output)];
}

/**
 * Parses one manifest and prints the answer.
 *
 * @param string $moodle folder of the installed Moodle
 * @param string $path of the manifest
 */
function native_tree_one(string $moodle, string $path): void {
    global $CFG, $DB;
    define('CLI_SCRIPT', true);
    define('NO_DEBUG_DISPLAY', true);
    require($moodle . '/config.php');
    require_once($CFG->libdir . '/filestorage/stored_file.php');
    require_once($CFG->dirroot . '/mod/scorm/locallib.php');
    require_once($CFG->dirroot . '/mod/scorm/datamodels/scormlib.php');

    $manifest = new class ((string) file_get_contents($path)) extends stored_file {
        /** @var string what the file holds */
        private string $text;

        /**
         * A file that is nowhere stored.
         *
         * @param string $text what it holds
         */
        public function __construct(string $text) {
            $this->text = $text;
        }

        #[\Override]
        public function get_content() {
            return $this->text;
        }
    };

    $DB->start_delegated_transaction();
    ob_start();
    try {
        $scorm = (object) ['course' => SITEID, 'name' => 'native', 'scormtype' => SCORM_TYPE_LOCAL, 'reference' => '',
            'intro' => '', 'introformat' => FORMAT_HTML, 'version' => '', 'maxgrade' => 100, 'options' => '',
            'timemodified' => time()];
        $scorm->id = $DB->insert_record('scorm', $scorm);
        scorm_parse_scorm($scorm, $manifest);
        $answer = native_tree_rows($scorm);
    } catch (Throwable $e) {
        $answer = ['error' => get_class($e) . ': ' . $e->getMessage() . (empty($e->error) ? '' : ' ' . $e->error)];
    }
    ob_end_clean();
    $DB->force_transaction_rollback();
    echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
}

/**
 * The rows that were stored.
 *
 * @param stdClass $scorm the activity, after parsing
 * @return array in the shape of ScoTree
 */
function native_tree_rows(stdClass $scorm): array {
    global $DB;
    $tree = ['version' => $scorm->version, 'scoes' => [], 'launch' => null, 'launch_sortorder' => null];
    foreach ($DB->get_records('scorm_scoes', ['scorm' => $scorm->id], 'sortorder') as $sco) {
        if ($sco->id == $scorm->launch) {
            $tree['launch'] = $sco->identifier;
            $tree['launch_sortorder'] = (int) $sco->sortorder;
        }
        $row = ['manifest' => $sco->manifest, 'organization' => $sco->organization, 'parent' => $sco->parent,
            'identifier' => $sco->identifier, 'launch' => $sco->launch, 'scormtype' => $sco->scormtype,
            'title' => $sco->title, 'sortorder' => (int) $sco->sortorder, 'data' => [], 'objectives' => [],
            'rules' => [], 'rollup_rules' => []];
        $of = ['scoid' => $sco->id];
        foreach ($DB->get_records('scorm_scoes_data', $of, 'id') as $data) {
            $row['data'][] = [$data->name, $data->value];
        }
        foreach ($DB->get_records('scorm_seq_objective', $of, 'id') as $objective) {
            $row['objectives'][] = ['primaryobj' => (int) $objective->primaryobj,
                'objectiveid' => $objective->objectiveid,
                'satisfiedbymeasure' => (int) $objective->satisfiedbymeasure,
                'minnormalizedmeasure' => (float) $objective->minnormalizedmeasure];
        }
        foreach ($DB->get_records('scorm_seq_ruleconds', $of, 'id') as $rule) {
            $conditions = [];
            foreach ($DB->get_records('scorm_seq_rulecond', ['ruleconditionsid' => $rule->id], 'id') as $condition) {
                $conditions[] = ['refrencedobjective' => $condition->refrencedobjective,
                    'measurethreshold' => (float) $condition->measurethreshold,
                    'operator' => $condition->operator, 'cond' => $condition->cond];
            }
            $row['rules'][] = ['conditioncombination' => $rule->conditioncombination,
                'ruletype' => (int) $rule->ruletype, 'action' => $rule->action, 'conditions' => $conditions];
        }
        foreach ($DB->get_records('scorm_seq_rolluprule', $of, 'id') as $rule) {
            $row['rollup_rules'][] = ['childactivityset' => $rule->childactivityset,
                'minimumcount' => (int) $rule->minimumcount, 'minimumpercent' => (float) $rule->minimumpercent,
                'conditioncombination' => $rule->conditioncombination, 'action' => $rule->action,
                'conditions' => $DB->count_records('scorm_seq_rolluprulecond', ['rollupruleid' => $rule->id])];
        }
        $tree['scoes'][] = $row;
    }
    return $tree;
}
