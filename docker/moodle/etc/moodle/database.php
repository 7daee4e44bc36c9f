<?php
// Ends well if the database of the container's environment answers.
$type = getenv('MOODLE_DBTYPE') ?: 'pgsql';
$host = getenv('MOODLE_DBHOST') ?: 'db';
$name = getenv('MOODLE_DBNAME') ?: 'moodle';
$user = getenv('MOODLE_DBUSER') ?: 'moodle';
$password = (string) getenv('MOODLE_DBPASS');
mysqli_report(MYSQLI_REPORT_OFF);
$found = $type === 'pgsql'
    ? @pg_connect("host={$host} dbname={$name} user={$user} password={$password}")
    : @mysqli_connect($host, $user, $password, $name);
exit($found ? 0 : 1);
