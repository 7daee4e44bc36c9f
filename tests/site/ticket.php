<?php
// Where the content of an activity's package was to be had for a learner who opened it some time ago: reads {"cmid",
// "age"} (seconds) from standard input and answers with the address of the package's folder, ticket included.
define('CLI_SCRIPT', true);
require($argv[1]);

use local_externalscormbridge\config;
use local_externalscormbridge\launch\delivery;
use local_externalscormbridge\package\store;

$input = json_decode(stream_get_contents(STDIN), true, 16, JSON_THROW_ON_ERROR);
$cm = get_coursemodule_from_id('scorm', $input['cmid'], 0, false, MUST_EXIST);
$delivery = delivery::choose(store::find((int) $cm->instance), new config(), time() - $input['age']);

echo json_encode(['mode' => $delivery->mode, 'base' => $delivery->base], JSON_THROW_ON_ERROR);
