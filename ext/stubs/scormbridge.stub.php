<?php

/**
 * External SCORM Bridge: the PHP extension `scormbridge`.
 *
 * This file is for editors and static analysis; PHP gets the classes from the extension itself. A test
 * compares it with what the extension really offers.
 *
 * Everywhere: text is UTF-8 and anything else is refused, never repaired. Wrong argument types are a
 * `TypeError`, everything else that can be wrong with the input is an exception of the family below.
 * Numbers inside arrays must be numbers: `'443'` is not 443.
 */

namespace Scormbridge;

/**
 * The base of the family: catch this to catch every refusal of the extension.
 */
class Exception extends \Exception
{
    /** Stable code of the cause, such as `url_scheme`; use it to find the message to show. */
    public string $reason = '';

    /** @var array<string, string> Facts for the placeholders of that message. */
    public array $details = [];
}

/** A URL that the policy refuses (`url_…`). */
class UrlException extends Exception
{
}

/** A manifest that cannot be used, or that nothing can be played from (`manifest_…`, `probe_…`). */
class ManifestException extends Exception
{
}

/** A package, or a part of it, that cannot be reached (`fetch_…`, `probe_…`). */
class FetchException extends Exception
{
}

/** A launch, a stored state or a journal that the data model refuses (`cmi_…`, `journal_…`). */
class DataModelException extends Exception
{
}

/** A value that cannot be sealed or opened (`seal_…`). */
class SealException extends Exception
{
}

/** A ticket that cannot be issued or is not valid (`ticket_…`). */
class TicketException extends Exception
{
}

/**
 * Options that the caller got wrong (`input_…`, `pattern_…`, `key_…`). `details['at']` names the place,
 * such as `options.allow.3`.
 */
class ConfigException extends Exception
{
}

/**
 * Versions of the extension and of the wire formats it speaks.
 *
 * @return array{version: string, protocol: int}
 */
function version(): array
{
}

/**
 * The rules that a URL must pass before anything is fetched from it.
 */
final class UrlPolicy
{
    /**
     * @param array{
     *     allow?: list<string>,
     *     ports?: list<int>,
     *     devloopback?: bool,
     *     maxlength?: int
     * } $options allow: `cdn.example.com`, `*.example.com`, with optional port and path prefix; empty
     *     means any public host. ports: allowed besides 443. devloopback: development only, permits http
     *     and any port on this machine. maxlength: in bytes.
     * @throws ConfigException
     */
    public function __construct(array $options)
    {
    }

    /**
     * The URL in its normal form, if a package may live there. No name is resolved.
     *
     * @return array{url: string, origin: string, host: string, port: int}
     * @throws UrlException
     */
    public function check(string $url): array
    {
    }
}

/**
 * Seals values so that only their own row can open them (AES-256-GCM). One key is current; the others
 * still open what they sealed.
 */
final class Vault
{
    /**
     * @param array<string, string> $keys key id => 64 hexadecimal digits
     * @param string $current id of the key that seals
     * @throws ConfigException
     */
    public function __construct(array $keys, string $current)
    {
    }

    /**
     * Seals a value for exactly one place.
     *
     * @param list<string|int> $context scorm id, learner id, SCO id, attempt, element
     * @throws SealException
     */
    public function seal(string $plain, array $context): string
    {
    }

    /**
     * Opens a value that was sealed for this place.
     *
     * @param list<string|int> $context the same as when it was sealed
     * @throws SealException
     */
    public function open(string $sealed, array $context): string
    {
    }

    /**
     * Whether the value was sealed with a key that is no longer the current one.
     *
     * @throws SealException if the value is not UTF-8
     */
    public function needsReseal(string $sealed): bool
    {
    }

    /** Whether the value has the form of a sealed value. */
    public static function isSealed(string $value): bool
    {
    }

    /**
     * A new random key, as 64 hexadecimal digits.
     *
     * @throws ConfigException if the operating system has no randomness to give
     */
    public static function newKey(): string
    {
    }
}

/**
 * Signed, expiring permissions for what cannot carry a session cookie.
 */
final class Tickets
{
    /**
     * @param array<string, string> $keys key id => 64 hexadecimal digits
     * @param string $current id of the key that signs
     * @throws ConfigException
     */
    public function __construct(array $keys, string $current)
    {
    }

    /**
     * Signs a ticket.
     *
     * @param array{scope: 'content', aud: string, exp: int, base: string, mode: 'host'|'sandbox', lms: string}
     *     |array{scope: 'commit', aud: string, exp: int, launch: string} $claims
     * @throws TicketException
     */
    public function issue(array $claims): string
    {
    }

    /**
     * The claims of a ticket that is genuine, for this scope and audience, and not expired.
     *
     * @param string $scope `content` or `commit`
     * @param int $now seconds since the epoch
     * @return array<string, string|int> as given to {@see issue()}
     * @throws TicketException
     * @throws ConfigException if there is no such scope
     */
    public function verify(string $ticket, string $scope, string $audience, int $now): array
    {
    }
}

/**
 * Reads `imsmanifest.xml` of SCORM 1.2 and SCORM 2004 (2nd to 4th Edition).
 *
 * The bytes are taken as they are: the manifest says its own encoding. `$limits` may lower or raise
 * `max_bytes`, `max_items`, `max_resources`, `max_files`, `max_sequencing`, `max_resolved_bytes`, `max_depth`,
 * `max_attributes`, `max_attribute_length`, `max_text_length` and `max_warnings`.
 */
final class Manifest
{
    private function __construct()
    {
    }

    /**
     * Everything the manifest says, with the standard's names in snake_case; null where it is silent.
     *
     * @param array<string, int> $limits
     * @return array{
     *     version: '1.2'|'2004',
     *     edition: '2nd'|'3rd'|'4th'|null,
     *     schema_version: ?string,
     *     identifier: string,
     *     metadata: ?array<string, mixed>,
     *     default_organization: ?string,
     *     organizations: list<array<string, mixed>>,
     *     resources: list<array<string, mixed>>,
     *     sequencing_collection: list<array<string, mixed>>,
     *     manifests: list<array<string, mixed>>,
     *     warnings: list<array<string, mixed>>,
     *     warnings_left_off: int
     * }
     * @throws ManifestException `details` has `line` and `column` where there is a place
     * @throws ConfigException
     */
    public static function parse(string $xml, array $limits = []): array
    {
    }

    /**
     * The rows that mod_scorm's own parser would store for this manifest.
     *
     * @param array<string, int> $limits
     * @return array{
     *     version: 'SCORM_1.2'|'SCORM_1.3',
     *     scoes: list<array{
     *         manifest: string,
     *         organization: string,
     *         parent: string,
     *         identifier: string,
     *         launch: string,
     *         scormtype: string,
     *         title: string,
     *         sortorder: int,
     *         data: list<array{string, string}>,
     *         objectives: list<array<string, mixed>>,
     *         rules: list<array<string, mixed>>,
     *         rollup_rules: list<array<string, mixed>>
     *     }>,
     *     launch: ?string,
     *     launch_sortorder: ?int,
     *     warnings: list<array{identifier: string, column: string, limit: int}>
     * }
     * @throws ManifestException
     * @throws ConfigException
     */
    public static function scoTree(string $xml, array $limits = []): array
    {
    }

    /**
     * Where a SCO is launched: an absolute URL, percent-encoded, with the parameters where the standard wants them.
     *
     * @param string $base folder of the package, an absolute URL that ends in a slash
     * @param string $launch the resource's reference, as mod_scorm stores it
     * @param string $parameters of the item, empty for none
     * @throws ManifestException `launch_elsewhere` if that is not below the folder
     */
    public static function launchUrl(string $base, string $launch, string $parameters): string
    {
    }
}

/**
 * The run-time data model: seeds a launch, and replays its journal so that no browser has to be trusted.
 *
 * A context is `array{version: '1.2'|'2004', learner: array{id: string, name: string},
 * mode?: 'normal'|'browse'|'review', sco?: array<string, string>, objectives?: list<array{objectiveid: string,
 * primaryobj: mixed, satisfiedbymeasure: mixed, minnormalizedmeasure: mixed}>, settings?: array{masteryoverride?: mixed,
 * forcecompleted?: mixed, scormstandard?: mixed}, limits?: array{collection?: int, elements?: int, bytes?: int}}`:
 * `sco` is what mod_scorm keeps in `scorm_scoes_data`, flags may come as the database gives them.
 *
 * Stored elements are storage name => plain value, as mod_scorm's tables hold them.
 */
final class DataModel
{
    private function __construct()
    {
    }

    /**
     * What the relay needs before the SCO may run. An empty `limits` must still be a JSON object for it.
     *
     * @param array<string, mixed> $context
     * @param array<string, string> $stored
     * @return array{
     *     version: '1.2'|'2004',
     *     mode: 'normal'|'browse'|'review',
     *     elements: list<array{string, string}>,
     *     limits: array<string, int>,
     *     last_seq: int,
     *     skipped?: list<array{element: string, reason: string}>
     * }
     * @throws DataModelException
     */
    public static function seed(array $context, array $stored): array
    {
    }

    /**
     * The rows to write after a batch of the journal, and the session to keep, whole, for the next one.
     * Nothing may be stored after an exception; `journal_gap` has `details['expected']`.
     *
     * @param array<string, mixed> $context
     * @param array<string, string> $stored
     * @param array<string, mixed> $session as returned for the batch before; `[]` at first
     * @param string $entries JSON, as it came from the browser
     * @return array{
     *     rows: list<array{
     *         element: string,
     *         value: string,
     *         class: 'plain'|'suspend'|'interaction'|'objective'|'comment'|'location'
     *     }>,
     *     refused: list<array{seq: int, element: string, code: int, reason: string}>,
     *     session: array<string, mixed>,
     *     navigation: string
     * }
     * @throws DataModelException
     */
    public static function replay(array $context, array $stored, array $session, string $entries): array
    {
    }

    /**
     * As {@see replay()}, for a batch that comes after newer launches of the same SCO in the same attempt have reported: it
     * is judged and answered like any other, but rows that would replace something of theirs are left out, and times add up.
     * What belongs together stays together: one interaction, one objective, one comment of a learner, the scores.
     *
     * @param array<string, mixed> $context
     * @param array<string, string> $stored
     * @param array<string, mixed> $session
     * @param string $entries JSON, as it came from the browser
     * @param array{
     *     everything?: bool,
     *     calls?: list<array{op: 'initialize'|'set'|'commit'|'terminate', element?: ?string}>
     * } $newer what the newer launches were accepted to have called; everything: it cannot be known what
     * @return array<string, mixed> as {@see replay()} gives it
     * @throws DataModelException
     */
    public static function replayLate(
        array $context,
        array $stored,
        array $session,
        string $entries,
        array $newer
    ): array {
    }
}

/**
 * Guarded HTTP to packages on a CDN: every URL, every address and every redirect is judged by the policy,
 * and everything that is read has a limit. Connections are kept per process; nothing is made before it is
 * needed, and a fork is noticed.
 */
final class Gateway
{
    /**
     * @param array{
     *     allow?: list<string>,
     *     ports?: list<int>,
     *     devloopback?: bool,
     *     maxlength?: int,
     *     maxmanifestbytes?: int,
     *     maxdocumentbytes?: int,
     *     maxfilebytes?: int,
     *     connecttimeout?: int|float,
     *     readtimeout?: int|float,
     *     totaltimeout?: int|float,
     *     probetimeout?: int|float,
     *     manifest?: array<string, int>,
     *     tickets?: array{keys: array<string, string>, current: string},
     *     audience?: string
     * } $options The first four as for {@see UrlPolicy}. maxdocumentbytes: an HTML page that is read whole.
     *     Timeouts in seconds: to connect; for the headers of an answer and for silence within its content;
     *     for a file that is read whole; for all of a probe. manifest: limits as for {@see Manifest}.
     *     tickets and audience: who may be served; without them nobody is.
     * @throws ConfigException
     */
    public function __construct(array $options)
    {
    }

    /**
     * Finds the package that a URL (of the manifest, its folder or its launch page) belongs to, and out of
     * which delivery modes it can be played.
     *
     * @param array{lms: string} $options lms: origin of the site, such as `https://moodle.example.org`
     * @return array{
     *     manifest_url: string,
     *     base_url: string,
     *     manifest_sha256: string,
     *     version: '1.2'|'2004',
     *     edition: '2nd'|'3rd'|'4th'|null,
     *     title: string,
     *     scos: list<array{identifier: string, title: string, launch: string}>,
     *     tree: array<string, mixed>,
     *     delivery: array<'direct'|'host'|'sandbox', array{
     *         usable: bool, reason: string, details: array<string, string>
     *     }>,
     *     cors: ?string,
     *     warnings: list<array{code: string, message: string}>
     * } tree: as {@see Manifest::scoTree()} gives it
     * @throws UrlException the URL is not allowed
     * @throws FetchException the package, or a part of it, cannot be reached
     * @throws ManifestException what is there is no package that can be played
     * @throws ConfigException
     */
    public function probe(string $url, array $options): array
    {
    }

    /**
     * Answers a request for a file of a package. A refusal is an answer too; see {@see Response::reason()}.
     *
     * @param array{
     *     method: string,
     *     ticket: string,
     *     path: string,
     *     query?: ?string,
     *     headers?: array<string, string>
     * } $request path and query as the browser sent them, still percent-encoded; header names in lower
     *     case, `host` among them
     * @throws FetchException if the request is not one
     */
    public function serve(array $request): Response
    {
    }
}

/**
 * The answer to one request. Its content is pulled from the CDN piece by piece.
 */
final class Response
{
    private function __construct()
    {
    }

    /** HTTP status code. */
    public function status(): int
    {
    }

    /**
     * The headers to send, in this order; names in lower case.
     *
     * @return list<array{string, string}>
     */
    public function headers(): array
    {
    }

    /** Why this is not what was asked for (`ticket_expired`, `content_missing` …), for the log; else null. */
    public function reason(): ?string
    {
    }

    /**
     * The next piece of the content, at most 64 KiB, or null at the end. Waits for the CDN.
     *
     * @throws FetchException the content broke off: end the connection, so that nobody takes it for whole
     */
    public function read(): ?string
    {
    }
}
