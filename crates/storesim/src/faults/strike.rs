//! What strikes a request before the shop works on it.

use std::time::Duration;

use hyper::Method;
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::faults::{Faults, Redirect, Throttle, happens};
use crate::http::{Ask, Reply};

/// A request is struck: by which switch, and what becomes of it.
#[derive(Debug)]
pub struct Strike {
    /// The switch, as it is called in the API.
    pub by: &'static str,
    pub blow: Blow,
}

/// What becomes of a request.
#[derive(Debug)]
pub enum Blow {
    /// This is answered, and nothing is done.
    Answered(Reply),
    /// The connection is closed, and nothing is done.
    Cut,
    /// Nothing is done and nothing answered, ever.
    Frozen,
    /// It is done, and then the connection is closed.
    AppliedThenCut,
    /// It is done, and then this is answered instead of what came of it.
    AppliedThenAnswered(Reply),
    /// 504 is answered, and it is done so much later.
    AppliedLate(Duration),
}

impl Faults {
    /// What strikes a request, if anything does. `now` is the shop's time.
    #[must_use]
    pub fn strike(&self, ask: &Ask, now: Timestamp) -> Option<Strike> {
        let blow = |by, blow| Some(Strike { by, blow });
        let answer = |by, reply| Some(Strike { by, blow: Blow::Answered(reply) });
        let falls = |throttle: &Throttle| happens(throttle.part);
        if self.refuse {
            return blow("refuse", Blow::Cut);
        }
        if self.freeze {
            return blow("freeze", Blow::Frozen);
        }
        if self.down {
            return answer("down", Reply::html(503, host_page("503 Service Temporarily Unavailable")));
        }
        if let Some(throttle) = self.status_429.filter(falls) {
            let reply = Reply::html(429, host_page("429 Too Many Requests"));
            return answer("status_429", throttle.dress(reply, now));
        }
        if let Some(throttle) = self.status_503.filter(falls) {
            return answer("status_503", throttle.dress(Reply::html(503, wordpress_page(MAINTENANCE)), now));
        }
        if let Some(redirect) = &self.redirect_to {
            return answer("redirect_to", redirect.reply(ask));
        }
        if self.html_403 {
            return answer("html_403", Reply::html(403, firewall_page()));
        }
        if self.block_put && matches!(ask.sent_method, Method::PUT | Method::PATCH | Method::DELETE) {
            return answer("block_put", Reply::html(501, host_page("501 Method Not Implemented")));
        }
        if ask.is_rest() { self.strike_rest(ask) } else { None }
    }

    fn strike_rest(&self, ask: &Ask) -> Option<Strike> {
        let blow = |by, blow| Some(Strike { by, blow });
        if happens(self.status_500_part) {
            return blow("status_500_part", Blow::Answered(crash()));
        }
        if self.html_200 {
            return blow("html_200", Blow::Answered(Reply::html(200, host_page("Just a moment..."))));
        }
        if self.empty_200 {
            return blow("empty_200", Blow::Answered(Reply::html(200, String::new())));
        }
        if !ask.is_write() {
            return None;
        }
        if happens(self.cut_before_apply_part) {
            return blow("cut_before_apply_part", Blow::Cut);
        }
        if self.late_apply_ms > 0 {
            return blow("late_apply_ms", Blow::AppliedLate(Duration::from_millis(self.late_apply_ms)));
        }
        if happens(self.crash_after_apply_part) {
            return blow("crash_after_apply_part", Blow::AppliedThenAnswered(crash()));
        }
        if happens(self.cut_after_apply_part) {
            return blow("cut_after_apply_part", Blow::AppliedThenCut);
        }
        None
    }
}

impl Throttle {
    fn dress(self, reply: Reply, now: Timestamp) -> Reply {
        if let Some(seconds) = self.retry_date_seconds {
            let moment = now.saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(now);
            return reply.with("retry-after", http_date(moment));
        }
        match self.retry_after {
            Some(seconds) => reply.with("retry-after", seconds.to_string()),
            None => reply,
        }
    }
}

impl Redirect {
    fn reply(&self, ask: &Ask) -> Reply {
        let query = if ask.raw_query.is_empty() { String::new() } else { format!("?{}", ask.raw_query) };
        let location = format!("{}{}{query}", self.to.trim_end_matches('/'), ask.path);
        Reply::html(self.status, host_page("Moved")).with("location", location)
    }
}

/// `Sun, 08 Mar 2026 06:58:00 GMT`
#[must_use]
pub fn http_date(moment: Timestamp) -> String {
    // Refused only for years of other than four digits, which no shop's clock shows.
    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&moment).unwrap_or_default()
}

/// What WordPress answers when PHP dies.
#[must_use]
pub fn crash() -> Reply {
    Reply::html(500, wordpress_page("There has been a critical error on this website."))
}

/// What the host's gateway answers when PHP takes too long.
#[must_use]
pub fn gateway_timeout() -> Reply {
    Reply::html(504, host_page("504 Gateway Time-out"))
}

const MAINTENANCE: &str = "Briefly unavailable for scheduled maintenance. Check back in a minute.";

fn host_page(title: &str) -> String {
    format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
}

fn wordpress_page(text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-US\"><head><title>WordPress</title></head>\n<body id=\"error-page\"><div class=\"wp-die-message\"><p>{text}</p></div></body></html>\n"
    )
}

fn firewall_page() -> String {
    "<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body><h1>Your access to this site has been limited by the site owner</h1><p>Generated by Wordfence</p></body></html>\n"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(faults: &Faults, method: Method, path: &str) -> Option<Strike> {
        faults.strike(&Ask::of(method, path), Timestamp::UNIX_EPOCH)
    }

    fn answer(faults: &Faults, method: Method, path: &str) -> Option<u16> {
        match struck(faults, method, path)?.blow {
            Blow::Answered(reply) => Some(reply.status),
            _ => None,
        }
    }

    const ORDERS: &str = "/wp-json/wc/v3/orders";

    #[test]
    fn a_page_instead_of_json_strikes_rest_only() {
        let faults = Faults { html_200: true, ..Faults::default() };
        assert_eq!(answer(&faults, Method::GET, ORDERS), Some(200));
        assert!(struck(&faults, Method::GET, "/").is_none());
    }

    #[test]
    fn writes_are_cut_and_reads_pass() {
        let faults = Faults { cut_after_apply_part: 1.0, late_apply_ms: 5, ..Faults::default() };
        assert!(struck(&faults, Method::GET, ORDERS).is_none());
        assert_eq!(struck(&faults, Method::POST, ORDERS).unwrap().by, "late_apply_ms");
    }

    #[test]
    fn a_throttle_names_seconds_a_date_or_nothing() {
        let header = |throttle: Throttle| {
            let reply = throttle.dress(Reply::html(429, String::new()), Timestamp::UNIX_EPOCH);
            reply.headers.into_iter().find(|(name, _)| *name == "retry-after").map(|(_, value)| value)
        };
        let none = Throttle::default();
        assert_eq!(header(none), None);
        assert_eq!(header(Throttle { retry_after: Some(999_999), ..none }), Some("999999".to_owned()));
        let date = Throttle { retry_date_seconds: Some(61), ..none };
        assert_eq!(header(date), Some("Thu, 01 Jan 1970 00:01:01 GMT".to_owned()));
    }

    #[test]
    fn a_moved_site_keeps_path_and_query_and_the_harshest_switch_wins() {
        let redirect = Redirect { to: "https://new.example/".to_owned(), status: 302 };
        let mut faults = Faults { redirect_to: Some(redirect), html_403: true, ..Faults::default() };
        let Some(Strike { by: "redirect_to", blow: Blow::Answered(reply) }) = struck(&faults, Method::GET, ORDERS)
        else {
            panic!("not moved");
        };
        assert!(reply.headers.contains(&("location", "https://new.example/wp-json/wc/v3/orders".to_owned())));
        faults.down = true;
        assert_eq!(answer(&faults, Method::GET, ORDERS), Some(503));
    }
}
