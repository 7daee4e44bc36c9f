<?php
// Where the database of a Moodle speaks of a component, and how often: tables and columns of its own, and rows of others.
define('CLI_SCRIPT', true);
require($argv[1]);

['component' => $component] = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$traces = [];
foreach ($DB->get_tables(false) as $table) {
    if (str_starts_with($table, $component)) {
        $traces[$table] = $DB->count_records($table);
        continue;
    }
    // Logs tell what has been, and keep doing so.
    if (preg_match('/log$|_log_|^upgrade_|^task_log/', $table)) {
        continue;
    }
    foreach ($DB->get_columns($table) as $name => $column) {
        // The zip that the administrator handed over stays among their drafts for a while.
        if (!in_array($column->meta_type, ['C', 'X'], true) || ($table === 'files' && $name !== 'component')) {
            continue;
        }
        $like = $DB->sql_like($DB->sql_compare_text($name, 1333), ':component');
        $found = $DB->count_records_select($table, $like, ['component' => '%' . $DB->sql_like_escape($component) . '%']);
        if ($found > 0) {
            $traces["{$table}.{$name}"] = $found;
        }
    }
}
echo json_encode((object) $traces, JSON_THROW_ON_ERROR);
