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

/** A manifest that cannot be used (`manifest_…`). */
class ManifestException extends Exception
{
}

/** A package that cannot be fetched, probed or served (`fetch_…`, `probe_…`, `serve_…`). */
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
