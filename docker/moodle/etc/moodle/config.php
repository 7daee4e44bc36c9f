<?php
// Moodle's settings, from the container's environment.
unset($CFG);
global $CFG;
$CFG = new stdClass();
$CFG->dbtype = getenv('MOODLE_DBTYPE') ?: 'pgsql';
$CFG->dblibrary = 'native';
$CFG->dbhost = getenv('MOODLE_DBHOST') ?: 'db';
$CFG->dbname = getenv('MOODLE_DBNAME') ?: 'moodle';
$CFG->dbuser = getenv('MOODLE_DBUSER') ?: 'moodle';
$CFG->dbpass = getenv('MOODLE_DBPASS');
$CFG->prefix = 'mdl_';
$CFG->wwwroot = getenv('MOODLE_URL') ?: 'http://localhost:8080';
$CFG->dataroot = '/var/www/data';
$CFG->directorypermissions = 02777;
$CFG->noemailever = true;
require_once(realpath('/var/www/web') . '/lib/setup.php');
