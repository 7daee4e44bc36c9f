//! What a launch page does that only a document with a real origin can do.

use crate::html::{Tags, decode};

/// Why a page does not work as the only document of an opaque origin. From its text alone: what its scripts load later
/// cannot be known, so the absence of all of these is a good sign and no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It has frames, whose documents could not reach the API.
    Frames,
    /// Its scripts make frames.
    ScriptedFrames,
    /// It sends the browser to another document.
    Navigates,
    /// It links to another page in the same frame.
    Links,
}

impl Trouble {
    /// Stable code for localisation.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Frames => "sandbox_frames",
            Self::ScriptedFrames => "sandbox_scripted_frames",
            Self::Navigates => "sandbox_navigates",
            Self::Links => "sandbox_links",
        }
    }
}

/// A launch page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) trouble: Option<Trouble>,
}

impl Page {
    pub(super) fn look_at(bytes: &[u8], http_charset: Option<&str>) -> Self {
        let (text, _) = decode(bytes, http_charset);
        let trouble = Tags::new(text.as_bytes()).find_map(|tag| match tag.name.as_str() {
            "frame" | "frameset" | "iframe" => Some(Trouble::Frames),
            "meta"
                if tag
                    .attribute("http-equiv")
                    .is_some_and(|v| v.eq_ignore_ascii_case("refresh")) =>
            {
                tag.attribute("content")
                    .is_some_and(|v| v.contains('='))
                    .then_some(Trouble::Navigates)
            }
            "a" if tag.attribute("target").is_none() => tag
                .attribute("href")
                .filter(|href| is_page(href))
                .map(|_| Trouble::Links),
            "script" if tag.attribute("src").is_none() => {
                trouble_of_script(&String::from_utf8_lossy(tag.text))
            }
            _ => None,
        });
        Self { trouble }
    }
}

/// A relative link to an HTML file.
fn is_page(href: &str) -> bool {
    let path = href
        .trim()
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    !path.contains(':') && (path.ends_with(".html") || path.ends_with(".htm"))
}

fn trouble_of_script(script: &str) -> Option<Trouble> {
    let script = script.to_ascii_lowercase();
    let makes_frames = [
        "<iframe",
        "<frame",
        "createelement('iframe",
        "createelement(\"iframe",
    ];
    if makes_frames.iter().any(|sign| script.contains(sign)) {
        return Some(Trouble::ScriptedFrames);
    }
    let mut rest = script.as_str();
    while let Some((before, after)) = rest.split_once("location") {
        // Not `lesson_location`, which every second SCO has as a variable.
        let whole_word =
            !before.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '_' | '$'));
        let call = after.trim_start();
        let assigned = call.strip_prefix(".href").unwrap_or(call).trim_start();
        if whole_word
            && (call.starts_with(".replace(")
                || call.starts_with(".assign(")
                || assigned.starts_with('=') && !assigned.starts_with("=="))
        {
            return Some(Trouble::Navigates);
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_need_a_second_document_are_found() {
        use Trouble::*;
        for (html, trouble) in [
            ("<p>One page</p><script src='api.js'></script>", None),
            ("<frameset><frame src=a></frameset>", Some(Frames)),
            ("<body><IFRAME src='a'>", Some(Frames)),
            ("<!-- <iframe> --><p title='<iframe>'>", None),
            ("<noscript><iframe></iframe></noscript>", None),
            (
                "<meta http-equiv=refresh content='0; url=b.html'>",
                Some(Navigates),
            ),
            ("<meta http-equiv=refresh content=300>", None),
            (
                "<script>document.write('<iframe src=a>')</script>",
                Some(ScriptedFrames),
            ),
            (
                "<script>var f = document.createElement('iframe')</script>",
                Some(ScriptedFrames),
            ),
            (
                "<script>window.location = 'b.html'</script>",
                Some(Navigates),
            ),
            ("<script>location.href='b.html'</script>", Some(Navigates)),
            (
                "<script>location.replace('b.html')</script>",
                Some(Navigates),
            ),
            (
                "<script>if (location.href == x) f(location.search); lesson_location = 1</script>",
                None,
            ),
            ("<a href='page2.html?x#y'>Next</a>", Some(Links)),
            ("<a href='page2.html' target=_blank>More</a>", None),
            (
                "<a href='#top'>Up</a><a href='https://example.org/a.html'>Out</a><a href='x.pdf'>PDF</a>",
                None,
            ),
        ] {
            assert_eq!(
                Page::look_at(html.as_bytes(), None).trouble,
                trouble,
                "{html}"
            );
        }
    }
}
