<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

/**
 * English strings of External SCORM Bridge.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['allowlist'] = 'Allowed sources';
$string['allowlist_desc'] = 'Hosts that packages may come from, one to a line: <code>cdn.example.com</code>, <code>*.example.com</code>, <code>cdn.example.com:8443/courses</code>. An empty list allows every public host. Text after # is a comment.';
$string['allowlist_invalid'] = '{$a->pattern}: {$a->reason}';
$string['askteacher'] = 'Please tell your teacher.';
$string['cachedef_refusals'] = 'Refused tickets logged a moment ago';
$string['cachedef_reports'] = 'Reports of refused messages by launch';
$string['cdnurl'] = 'Package URL';
$string['cdnurl_help'] = 'The https address of a SCORM 1.2 or 2004 package on a CDN: of its imsmanifest.xml, of the folder that holds it, or of its launch page. The package is checked when you save, and stays where it is.';
$string['checkinterval'] = 'Check packages every';
$string['checkinterval_desc'] = 'How often a package is looked at on its CDN. A changed manifest is taken over; learners keep their results.';
$string['connecttimeout'] = 'Time to connect';
$string['connecttimeout_desc'] = 'Seconds to find and reach a CDN.';
$string['contenthost'] = 'Content host';
$string['contenthost_desc'] = 'A second address under which this same Moodle answers, such as <code>https://content.example.org</code>, on another host name than Moodle\'s own. Content delivered through it runs apart from Moodle and without limits. Leave empty if you have none.';
$string['contenthost_http'] = 'The address must start with https://. Plain http is for development sites only: to use it, switch on development mode below.';
$string['contenthost_invalid'] = 'Enter an address such as https://content.example.org, without a query.';
$string['contenthost_same'] = 'The content host must have another host name than Moodle itself.';
$string['delivery'] = 'Delivery of content';
$string['delivery_chosen'] = 'The package was checked. How its content reaches learners: {$a->mode}. {$a->obstacles}';
$string['delivery_desc'] = 'The ways in which content may reach learners, most wanted first. A way that is not listed is never used. <em>Direct</em>: from the CDN, which must hold the relay beside the package. <em>Content host</em>: through Moodle on a second host name. <em>Sandbox</em>: through Moodle in a closed frame, for packages of one document.';
$string['delivery_direct'] = 'Direct';
$string['delivery_host'] = 'Content host';
$string['delivery_sandbox'] = 'Sandbox';
$string['devmode'] = 'Development mode';
$string['devmode_desc'] = 'Allows http and addresses of this computer as sources. Never on a public site.';
$string['error_attempt_limit'] = 'This attempt is beyond the number of attempts allowed, so nothing more can be saved.';
$string['error_attempts_used'] = 'You have used all attempts.';
$string['error_busy'] = 'Another window is saving the same attempt. This one tries again.';
$string['error_delivery_launch_not_framable'] = 'the CDN forbids this site to show the launch page in a frame ({$a->url})';
$string['error_delivery_launch_redirected'] = 'the launch page is redirected to another host ({$a->url})';
$string['error_delivery_no_content_host'] = 'this site has no content host';
$string['error_delivery_relay_elsewhere'] = 'the relay is redirected to another host ({$a->url})';
$string['error_delivery_relay_invalid'] = 'the file relay.json is not valid ({$a->url})';
$string['error_delivery_relay_missing'] = 'the package has no relay beside it ({$a->url})';
$string['error_delivery_relay_not_framable'] = 'the CDN forbids this site to show the relay in a frame ({$a->url})';
$string['error_delivery_relay_origin'] = 'the relay beside the package was not written for this site ({$a->origin})';
$string['error_delivery_relay_page_missing'] = 'the page of the relay is missing ({$a->url})';
$string['error_delivery_relay_page_type'] = 'the CDN does not deliver the page of the relay as HTML ({$a->url})';
$string['error_delivery_relay_protocol'] = 'the relay beside the package is of another version; write it again';
$string['error_delivery_relay_unreachable'] = 'the relay cannot be reached ({$a->url})';
$string['error_delivery_sandbox_frames'] = 'the launch page has frames ({$a->url})';
$string['error_delivery_sandbox_links'] = 'the launch page links to further pages ({$a->url})';
$string['error_delivery_sandbox_navigates'] = 'the launch page goes on to another page ({$a->url})';
$string['error_delivery_sandbox_not_html'] = 'the launch file is not HTML ({$a->url})';
$string['error_delivery_sandbox_scripted_frames'] = 'the launch page makes frames by script ({$a->url})';
$string['error_fetch_client'] = 'The HTTP client could not be set up on this server: {$a->detail}';
$string['error_fetch_connect'] = 'No connection to {$a->host} could be made. Check the URL, or try again later.';
$string['error_fetch_encoding'] = 'The answer of {$a->host} could not be decompressed. Check how the CDN compresses the file.';
$string['error_fetch_headers_too_large'] = 'The answer of the CDN has headers of more than {$a->limit} bytes.';
$string['error_fetch_private_address'] = 'The host {$a->host} leads to {$a->address}, which is not a public address. Use a host that the whole Internet can reach.';
$string['error_fetch_protocol'] = 'The connection to {$a->host} broke: {$a->detail}';
$string['error_fetch_redirect_invalid'] = '{$a->from} redirects to nowhere. Enter the address of the manifest itself.';
$string['error_fetch_redirect_refused'] = '{$a->from} redirects to a place that is not allowed. Enter the address of the manifest itself.';
$string['error_fetch_runtime'] = 'The server could not start what it fetches packages with. Try again; if it does not help, tell the administrator of this site.';
$string['error_fetch_status'] = '{$a->url} answered with status {$a->status}. Check the URL and whether the file is public.';
$string['error_fetch_timeout'] = 'The host {$a->host} did not answer in time. Try again later.';
$string['error_fetch_tls'] = 'The host {$a->host} has no valid certificate: {$a->detail}';
$string['error_fetch_too_large'] = 'The file has more than the {$a->limit} bytes allowed.';
$string['error_fetch_too_many_redirects'] = 'The URL redirects more than {$a->limit} times in a row. Enter the address of the manifest itself.';
$string['error_fetch_unresolvable'] = 'The host {$a->host} could not be found. Check the spelling of the URL.';
$string['error_generic'] = '{$a}';
$string['error_launch_elsewhere'] = 'This part of the package lies outside the package and cannot be played.';
$string['error_launch_unknown'] = 'This launch has ended. Close the activity and open it again.';
$string['error_manifest_attribute_too_long'] = 'The manifest has an attribute of more than {$a->limit} bytes at line {$a->line}, column {$a->column}. Shorten it.';
$string['error_manifest_bad_character_reference'] = 'The manifest has a character reference that names no character at line {$a->line}, column {$a->column}. Write the character itself.';
$string['error_manifest_bad_encoding'] = 'The manifest is not valid in its encoding. Save it as UTF-8, or correct the encoding in its first line.';
$string['error_manifest_content_after'] = 'Something follows the end of the manifest at line {$a->line}, column {$a->column}. Remove it.';
$string['error_manifest_empty'] = 'The manifest is empty. Export the package again and publish its imsmanifest.xml.';
$string['error_manifest_illegal_character'] = 'The manifest holds a forbidden control character at line {$a->line}, column {$a->column}. Remove it.';
$string['error_manifest_not_manifest'] = 'The file is XML, but no SCORM manifest. Enter the address of imsmanifest.xml.';
$string['error_manifest_not_xml'] = 'The manifest is not well-formed XML at line {$a->line}, column {$a->column}. Correct it there, or export the package again.';
$string['error_manifest_resolved_too_long'] = 'The launch URLs of the manifest have more than {$a->limit} bytes together. Shorten xml:base and href.';
$string['error_manifest_text_too_long'] = 'The manifest has a text of more than {$a->limit} bytes at line {$a->line}, column {$a->column}. Shorten it.';
$string['error_manifest_too_deep'] = 'The manifest is nested deeper than {$a->limit} levels at line {$a->line}. Flatten the organization.';
$string['error_manifest_too_large'] = 'The manifest has more than the {$a->limit} bytes allowed. Split the package, or ask an administrator to raise the limit.';
$string['error_manifest_too_many_attributes'] = 'The manifest has an element with more than {$a->limit} attributes at line {$a->line}. Remove those that nothing reads.';
$string['error_manifest_too_many_files'] = 'The manifest lists more than {$a->limit} files. Split the package.';
$string['error_manifest_too_many_items'] = 'The manifest has more than {$a->limit} items. Split the package.';
$string['error_manifest_too_many_resources'] = 'The manifest has more than {$a->limit} resources. Split the package.';
$string['error_manifest_too_much_sequencing'] = 'The manifest has more than {$a->limit} sequencing rules and objectives. Split the package.';
$string['error_manifest_truncated'] = 'The manifest was cut off before its end. Upload it to the CDN again.';
$string['error_manifest_unknown_encoding'] = 'The manifest declares an unknown encoding. Save it as UTF-8.';
$string['error_manifest_unknown_entity'] = 'The manifest uses an entity that XML does not know at line {$a->line}, column {$a->column}. Write the character itself.';
$string['error_no_delivery'] = 'The package can be delivered in none of the ways that this site allows. {$a->obstacles}';
$string['error_no_savetrack'] = 'You do not have the permission to save results in this activity.';
$string['error_not_available'] = 'This activity is not available.';
$string['error_not_cdn'] = 'This activity is not one of a CDN package.';
$string['error_not_enrolled'] = 'You are not enrolled in this course.';
$string['error_pattern_empty'] = 'the entry is empty. Remove it.';
$string['error_pattern_host'] = 'it must start with a full host name such as cdn.example.com.';
$string['error_pattern_path'] = 'its path must be plain folders such as /courses/scorm.';
$string['error_pattern_port'] = 'after ":" there must be a port from 1 to 65535.';
$string['error_pattern_scheme'] = 'leave out "https://" and start with the host.';
$string['error_pattern_too_long'] = 'it is too long. Shorten its path.';
$string['error_pattern_too_many'] = 'the list has too many entries.';
$string['error_pattern_wildcard'] = '"*" may only stand for subdomains, as in *.example.com.';
$string['error_probe_launch_elsewhere'] = 'The SCO {$a->identifier} launches {$a->url}, which lies outside the package {$a->base}.';
$string['error_probe_launch_missing'] = 'The launch file {$a->url} of the SCO {$a->identifier} is missing (status {$a->status}). Upload it beside the manifest.';
$string['error_probe_launch_unreachable'] = 'The launch file {$a->url} of the SCO {$a->identifier} cannot be reached.';
$string['error_probe_manifest_is_page'] = '{$a->url} answers with a web page, not with a manifest. Check that imsmanifest.xml is published.';
$string['error_probe_manifest_not_found'] = 'No imsmanifest.xml was found. These addresses were tried: {$a->tried}';
$string['error_probe_no_launchable_sco'] = 'The manifest has no SCO that can be launched.';
$string['error_probe_own_origin'] = '{$a->url} is on this site itself. Publish the package on another host: on this one its scripts would have the rights of whoever opens it.';
$string['error_sco_unknown'] = 'The package has no such part.';
$string['error_source_not_allowed'] = 'The package comes from a place that this site no longer allows. {$a->reason}';
$string['error_url_character'] = 'The URL holds a character that no URL may have ({$a->character}). Remove it, and write "/" for "\\".';
$string['error_url_host'] = '"{$a->host}" is not a valid host name. Check its spelling.';
$string['error_url_host_not_allowed'] = '"{$a->host}" is not on this site\'s list of allowed sources. Ask an administrator to add it.';
$string['error_url_local_name'] = '"{$a->host}" is a name inside a network. Use the public host name of the CDN.';
$string['error_url_malformed'] = 'This is not a valid URL. Write it as https://host/folder/imsmanifest.xml.';
$string['error_url_path'] = 'The path of the URL holds an encoded slash, backslash or control character, or a "%" without two digits. Rename the folder or file.';
$string['error_url_place_not_allowed'] = 'Of "{$a->host}", this site allows only certain ports or folders, and not this one. Ask an administrator to add it.';
$string['error_url_port'] = 'The port {$a->port} is not allowed. Use 443, or ask an administrator to add the port.';
$string['error_url_private_address'] = 'The address {$a->address} is not public ({$a->name}). Use a host that the whole Internet can reach.';
$string['error_url_scheme'] = 'The URL starts with "{$a->scheme}:". Only addresses that start with https:// are allowed.';
$string['error_url_too_long'] = 'The URL has {$a->length} bytes. At most {$a->limit} are allowed; use a shorter path.';
$string['error_url_user_info'] = 'The URL holds a user name or password. Remove everything before "@".';
$string['event_access_denied'] = 'Access to a CDN package denied';
$string['event_package_check_failed'] = 'Check of a CDN package failed';
$string['event_package_checked'] = 'CDN package checked';
$string['event_player_reported'] = 'Player of a CDN package reported trouble';
$string['event_track_unreadable'] = 'Sealed track unreadable';
$string['extensionmissing'] = 'The PHP extension "scormbridge" must be installed and loaded, for the command line as well as for the web server. See the README of External SCORM Bridge.';
$string['externalscormbridge:usecdnurl'] = 'Use CDN URLs as SCORM packages';
$string['launchlifetime'] = 'Keep launches for';
$string['launchlifetime_desc'] = 'How long the record of a launch is kept after its last use. A learner who comes back to an open window later than this has to open the activity again.';
$string['maxfilemb'] = 'Largest file';
$string['maxfilemb_desc'] = 'Megabytes of one file that Moodle passes on.';
$string['maxmanifestmb'] = 'Largest manifest';
$string['maxmanifestmb_desc'] = 'Megabytes of an imsmanifest.xml.';
$string['maxurllength'] = 'Longest URL';
$string['maxurllength_desc'] = 'Bytes of a package URL.';
$string['nopermission_url'] = 'You do not have the permission to choose the URL of a package.';
$string['number_invalid'] = 'Enter a whole number from {$a->minimum} to {$a->maximum}.';
$string['obstacle'] = '{$a->mode}: {$a->reason}.';
$string['player_connecting'] = 'Opening the activity…';
$string['player_error'] = 'Your latest answers could not be saved.';
$string['player_noanswer'] = 'The activity does not answer. Please try again.';
$string['player_offline'] = 'The site cannot be reached. Your answers are kept and will be saved as soon as it can.';
$string['player_retry'] = 'Try again';
$string['player_saved'] = 'All changes saved';
$string['player_saving'] = 'Saving…';
$string['player_stopped'] = 'This activity can no longer be saved. Please close it and open it again.';
$string['playertimeout'] = 'Time for content to answer';
$string['playertimeout_desc'] = 'Seconds that the player waits for content before it offers to try again.';
$string['pluginname'] = 'External SCORM Bridge';
$string['ports'] = 'Allowed ports';
$string['ports_desc'] = 'Ports other than 443 that packages may come from, separated by commas. A port named in the list of sources is allowed there without being listed here.';
$string['ports_invalid'] = '{$a} is not a port. Enter numbers from 1 to 65535, separated by commas.';
$string['privacy:metadata:cdn'] = 'A package is played from the CDN that its author chose. Where the content is delivered directly, the learner\'s browser asks the CDN itself.';
$string['privacy:metadata:cdn:browser'] = 'What a browser says about itself with every request, where content is delivered directly.';
$string['privacy:metadata:cdn:ipaddress'] = 'The learner\'s IP address, where content is delivered directly.';
$string['privacy:metadata:cdn:learner'] = 'The user name, the full name and the earlier results in this activity, which the SCORM standard gives to the content in the learner\'s browser.';
$string['privacy:metadata:launch'] = 'Each start of a part of a CDN package by a learner.';
$string['privacy:metadata:launch:attempt'] = 'The number of the attempt.';
$string['privacy:metadata:launch:carry'] = 'What the player reported that has no row of its own, such as the time of the running session.';
$string['privacy:metadata:launch:delivery'] = 'How the content was delivered.';
$string['privacy:metadata:launch:lastseq'] = 'How many calls of the content were stored.';
$string['privacy:metadata:launch:mode'] = 'Whether the part was played for credit, browsed or reviewed.';
$string['privacy:metadata:launch:scoid'] = 'The part of the package.';
$string['privacy:metadata:launch:scormid'] = 'The SCORM activity.';
$string['privacy:metadata:launch:status'] = 'Whether the part was begun and finished.';
$string['privacy:metadata:launch:timecreated'] = 'When the part was started.';
$string['privacy:metadata:launch:timemodified'] = 'When something was last stored.';
$string['privacy:metadata:launch:userid'] = 'The learner.';
$string['privacy:metadata:mod_scorm'] = 'The results of a learner are stored, exported and deleted by the SCORM activity.';
$string['probetimeout'] = 'Time for one check';
$string['probetimeout_desc'] = 'Seconds for all requests that check one package when an activity is saved.';
$string['readtimeout'] = 'Time between bytes';
$string['readtimeout_desc'] = 'Seconds that a CDN may be silent while it answers.';
$string['scormtype'] = 'Type';
$string['scormtype_help'] = 'Where the SCORM package comes from. With <em>CDN URL</em> it stays on another server and is played from there.';
$string['sealscope'] = 'Sealed data';
$string['sealscope_comment'] = 'Comments of learners';
$string['sealscope_desc'] = 'What is encrypted in the database. Reports of other plugins cannot read it. A change holds for what is saved from then on.';
$string['sealscope_interaction'] = 'Interactions';
$string['sealscope_location'] = 'Location';
$string['sealscope_objective'] = 'Objectives';
$string['sealscope_suspend'] = 'Suspend data';
$string['settings_delivery'] = 'Delivery';
$string['settings_delivery_desc'] = 'How content reaches the learner\'s browser. It never runs in Moodle\'s own origin.';
$string['settings_development'] = 'Development';
$string['settings_development_desc'] = 'For a site on a developer\'s own computer.';
$string['settings_limits'] = 'Limits';
$string['settings_limits_desc'] = 'Bounds for what is fetched from a CDN.';
$string['settings_privacy'] = 'Encryption';
$string['settings_privacy_desc'] = 'Sealed values open only for their own learner, part and attempt.';
$string['settings_sources'] = 'Sources';
$string['settings_sources_desc'] = 'Where packages may come from. Only https, and never an address inside a network.';
$string['settings_upkeep'] = 'Upkeep';
$string['settings_upkeep_desc'] = 'What scheduled tasks look after.';
$string['stage_refused'] = 'The activity cannot be opened';
$string['task_check_packages'] = 'Check CDN packages for changes';
$string['task_delete_old_launches'] = 'Delete old launches of CDN packages';
$string['totaltimeout'] = 'Time for one file';
$string['totaltimeout_desc'] = 'Seconds for a file that is read whole, such as a manifest. Files that learners load have no such limit.';
$string['typecdnurl'] = 'CDN URL';
