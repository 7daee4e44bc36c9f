//! Media types by file extension, for CDNs that tell none.
//!
//! With `nosniff` a browser runs no script and applies no style sheet that is labelled wrongly, and object stores
//! label as `application/octet-stream` whatever was uploaded without a type.

/// The type of the file at `path`, given what the CDN says it is.
pub(crate) fn media_type<'a>(told: Option<&'a str>, path: &str) -> &'a str {
    let guessed = by_extension(path);
    match told.map(str::trim).filter(|told| !told.is_empty()) {
        Some(told) if holds_headers(told) => guessed.unwrap_or(BYTES),
        Some(told) => match essence(told) {
            "application/octet-stream" | "binary/octet-stream" | "application/unknown" => {
                guessed.unwrap_or(told)
            }
            // Harmless in a browser except where it expects one of these.
            "text/plain" if matches!(guessed, Some(JAVASCRIPT | CSS)) => guessed.unwrap_or(told),
            _ => told,
        },
        None => guessed.unwrap_or(BYTES),
    }
}

/// A body of such a type has parts with headers of their own, and browsers have been known to set the cookies that stand
/// there. Nothing in a package is one.
fn holds_headers(told: &str) -> bool {
    let family = told.split('/').next().unwrap_or_default().trim();
    ["multipart", "message"]
        .iter()
        .any(|held| family.eq_ignore_ascii_case(held))
}

/// A media type without its parameters.
pub(crate) fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// The parameter `charset` of a media type.
pub(crate) fn charset(media_type: &str) -> Option<&str> {
    media_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches(['"', '\'']))
    })
}

/// Says whether a media type is one of HTML's, which a browser lays out as a document with scripts.
pub(crate) fn is_html(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.eq_ignore_ascii_case("text/html")
}

const BYTES: &str = "application/octet-stream";
const JAVASCRIPT: &str = "text/javascript";
const CSS: &str = "text/css";

/// Types that course packages are made of. HTML, style sheets and scripts carry no charset here: many old packages are
/// not in UTF-8, and browsers find the encoding out when they are not told.
fn by_extension(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html",
        "xhtml" | "xht" => "application/xhtml+xml",
        "js" | "mjs" | "cjs" => JAVASCRIPT,
        "css" => CSS,
        "json" | "map" => "application/json",
        "xml" | "xsd" | "xsl" | "dtd" => "application/xml",
        "txt" | "md" => "text/plain",
        "csv" => "text/csv",
        "vtt" => "text/vtt",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "ico" | "cur" => "image/x-icon",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "aac" => "audio/aac",
        "oga" => "audio/ogg",
        "wav" => "audio/wav",
        "weba" => "audio/webm",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" | "ogg" => "video/ogg",
        "mov" => "video/quicktime",
        "m3u8" => "application/vnd.apple.mpegurl",
        "ts" => "video/mp2t",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "eot" => "application/vnd.ms-fontobject",
        "wasm" => "application/wasm",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "swf" => "application/x-shockwave-flash",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cdn_is_believed_unless_it_says_nothing() {
        for (told, path, found) in [
            (
                Some("text/html; charset=utf-16"),
                "a.html",
                "text/html; charset=utf-16",
            ),
            (Some("image/png"), "a.html", "image/png"),
            (None, "a/b.HTML", "text/html"),
            (Some(""), "a.js", "text/javascript"),
            (Some("application/octet-stream"), "a.css", "text/css"),
            (Some("binary/octet-stream"), "a.woff2", "font/woff2"),
            (Some("text/plain; charset=utf-8"), "a.js", "text/javascript"),
            (Some("text/plain"), "a.html", "text/plain"),
            (
                Some("application/octet-stream"),
                "a.unknown",
                "application/octet-stream",
            ),
            (None, "folder.d/README", "application/octet-stream"),
            (Some("multipart/x-mixed-replace; boundary=a"), "a", BYTES),
            (Some("Multipart/related"), "a.html", "text/html"),
            (Some("message/http"), "a", BYTES),
        ] {
            assert_eq!(media_type(told, path), found, "{told:?} {path}");
        }
    }

    #[test]
    fn parameters_are_found() {
        assert_eq!(
            charset("text/html; Charset=\"Shift_JIS\""),
            Some("Shift_JIS")
        );
        assert_eq!(charset("text/html"), None);
        assert_eq!(essence("text/html ; a=b"), "text/html");
        assert!(is_html("TEXT/HTML;charset=x") && !is_html("text/htmlx"));
    }
}
