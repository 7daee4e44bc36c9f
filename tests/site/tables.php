<?php
// How many rows the tables hold that saving a SCORM activity touches, and how often each event was logged.
define('CLI_SCRIPT', true);
require($argv[1]);

$tables = ['scorm', 'scorm_scoes', 'course_modules', 'grade_items', 'scorm_attempt', 'scorm_scoes_value'];
$own = array_filter($DB->get_tables(), fn($table) => str_starts_with($table, 'local_externalscormbridge'));
$counts = [];
foreach ([...$tables, ...array_values($own)] as $table) {
    $counts[$table] = $DB->count_records($table);
}
$events = $DB->get_records_sql_menu('SELECT eventname, COUNT(1) FROM {logstore_standard_log} GROUP BY eventname');
echo json_encode(['rows' => $counts, 'events' => array_map('intval', $events)], JSON_THROW_ON_ERROR);
