//! What is said of deeds about returns.

use storewire_domain::{intent::EditFault, returns::ReturnRefusal, ticket::TicketRefusal};

use super::rejected;
use crate::panel::{view::Notice, words::Words};

/// The notice for the `said` word of an address, without the `return-` before it; an unknown word says nothing.
pub(super) fn notice(word: &str, t: &Words) -> Option<Notice> {
    let good = |text| Some(Notice { tone: "info", icon: "circle-check", text });
    match word {
        "opened" => good(t.get("return-said-opened")),
        "moved" => good(t.get("return-said-moved")),
        "commented" => good(t.get("return-said-commented")),
        "written" => good(t.get("return-said-written")),
        "photographed" => good(t.get("return-said-photographed")),
        other => why(other, t).map(|text| Notice { tone: "bad", icon: "circle-alert", text }),
    }
}

/// Why something was refused, by its code.
pub(in crate::panel) fn why(code: &str, t: &Words) -> Option<String> {
    if let Ok(refusal) = code.parse::<ReturnRefusal>() {
        return Some(refused(refusal, t));
    }
    // Words that are too long are refused by one name in both.
    let of_file = code.parse().ok().and_then(|refusal| file(refusal, t));
    of_file.or_else(|| code.parse::<EditFault>().ok().map(|fault| rejected(fault, t)))
}

fn refused(refusal: ReturnRefusal, t: &Words) -> String {
    match refusal {
        ReturnRefusal::StaffOnly => t.get("return-no-staff-only"),
        ReturnRefusal::Changed => t.get("return-no-changed"),
        ReturnRefusal::IllegalStep => t.get("return-no-illegal-step"),
        ReturnRefusal::NoItems => t.get("return-no-items"),
        ReturnRefusal::BadQuantity => t.get("return-no-bad-quantity"),
        ReturnRefusal::TooMany => t.get("return-no-too-many"),
        ReturnRefusal::ReasonNeeded => t.get("return-no-reason"),
        ReturnRefusal::NotReceived => t.get("return-no-received"),
        ReturnRefusal::NotDecided => t.get("return-no-decided"),
        ReturnRefusal::NotCounted => t.get("return-no-counted"),
        ReturnRefusal::RestockBegun => t.get("return-no-restock-begun"),
        ReturnRefusal::NoSuchItem => t.get("return-no-such-item"),
        ReturnRefusal::RestockOpen => t.get("return-no-restock-open"),
        ReturnRefusal::NoEmail => t.get("return-no-email"),
        ReturnRefusal::NoPhotos => t.get("return-no-photos"),
        ReturnRefusal::NotPicture => t.get("return-no-picture"),
    }
}

/// Why files were refused; what else tickets refuse does not come up here.
fn file(refusal: TicketRefusal, t: &Words) -> Option<String> {
    match refusal {
        TicketRefusal::TooManyFiles => Some(t.get("return-no-too-many-files")),
        TicketRefusal::NotYours => Some(t.get("return-no-not-yours")),
        TicketRefusal::Full => Some(t.get("return-no-full")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_told_in_words() {
        let t = Words::default();
        for refusal in ReturnRefusal::ALL {
            let told = notice(refusal.as_str(), &t).unwrap();
            assert!(told.tone == "bad" && told.text.contains(' '), "{refusal}: {}", told.text);
        }
        assert!(notice("too_long", &t).is_some() && notice("not_yours", &t).is_some());
        assert!(notice("<script>", &t).is_none());
    }
}
