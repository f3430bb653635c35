//! The parcels of an order, as the widespread shipment tracking plugins keep them: a list in one meta field.

use storewire_domain::order::Parcel;

use super::Fields;

/// The meta field of an order that lists its parcels.
pub const TRACKING_KEY: &str = "_wc_shipment_tracking_items";

/// The longest text that is kept of a parcel, in characters.
const LONGEST: usize = 200;

/// The parcels that have a number; what cannot be read is none.
pub fn parcels(order: &Fields<'_>) -> Vec<Parcel> {
    // Few orders have any, and plugins fill the list with much else: it is opened only where the key is in it.
    if !order.get("meta_data").is_some_and(|metas| metas.get().contains(TRACKING_KEY)) {
        return Vec::new();
    }
    let metas = order.objects("meta_data").into_iter().filter(|meta| meta.text("key") == TRACKING_KEY);
    metas.flat_map(|meta| meta.objects("value")).filter_map(|item| parcel(&item)).collect()
}

fn parcel(item: &Fields<'_>) -> Option<Parcel> {
    let text = |name: &str| -> String {
        item.text(name).trim().chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
    };
    let either = |first: &str, second: &str| Some(text(first)).filter(|text| !text.is_empty()).unwrap_or(text(second));
    let number = text("tracking_number");
    let url = text("custom_tracking_link");
    (!number.is_empty()).then(|| Parcel {
        provider: either("custom_tracking_provider", "tracking_provider"),
        number,
        url: (url.starts_with("https://") || url.starts_with("http://")).then_some(url),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Vec<Parcel> {
        parcels(&Fields::parse(raw).unwrap())
    }

    #[test]
    fn parcels_are_told_by_carrier_and_number_and_lead_to_the_web_only() {
        let raw = r#"{"meta_data": [{"id": 1, "key": "_other", "value": 7}, {"key": "_wc_shipment_tracking_items", "value": [
            {"tracking_provider": "", "custom_tracking_provider": "DHL", "tracking_number": " 1Z ", "custom_tracking_link": "https://t.example/1Z"},
            {"tracking_provider": "usps", "custom_tracking_provider": "", "tracking_number": "2", "custom_tracking_link": "javascript:alert(1)"},
            {"tracking_number": ""}, 7]}]}"#;
        let parcel = |provider: &str, number: &str, url: Option<&str>| Parcel {
            provider: provider.to_owned(),
            number: number.to_owned(),
            url: url.map(str::to_owned),
        };
        assert_eq!(read(raw), [parcel("DHL", "1Z", Some("https://t.example/1Z")), parcel("usps", "2", None)]);
        // PHP writes a list with a hole in it as an object.
        let holed =
            r#"{"meta_data": {"3": {"key": "_wc_shipment_tracking_items", "value": {"1": {"tracking_number": 17}}}}}"#;
        assert_eq!(read(holed), [parcel("", "17", None)]);
    }

    #[test]
    fn an_order_that_got_a_parcel_is_another_than_before() {
        let order = |metas: &str| {
            let body = format!(
                r#"{{"id": 1, "status": "processing", "currency": "EUR", "total": "1.00", "meta_data": {metas}}}"#
            );
            super::super::order(body.as_bytes()).unwrap().value.canonical().as_bytes().to_vec()
        };
        let sent = |items: &str| order(&format!(r#"[{{"key": "_wc_shipment_tracking_items", "value": {items}}}]"#));
        let (first, second) = (r#"{"tracking_number": "1"}"#, r#"{"tracking_number": "2"}"#);
        assert_eq!(order("[]"), order(r#"[{"key": "_other", "value": 7}]"#));
        assert_ne!(order("[]"), sent(&format!("[{first}]")));
        assert_ne!(sent(&format!("[{first}]")), sent(&format!("[{first}, {second}]")));
        assert_eq!(sent(&format!("[{second}, {first}]")), sent(&format!("[{first}, {second}]")));
    }

    #[test]
    fn what_cannot_be_read_is_no_parcel() {
        for raw in [
            "{}",
            r#"{"meta_data": "_wc_shipment_tracking_items"}"#,
            r#"{"meta_data": [{"key": "_wc_shipment_tracking_items", "value": "x"}]}"#,
            r#"{"meta_data": [{"key": "_other", "value": [{"tracking_number": "1", "of": "_wc_shipment_tracking_items"}]}]}"#,
        ] {
            assert_eq!(read(raw), [], "{raw}");
        }
    }
}
