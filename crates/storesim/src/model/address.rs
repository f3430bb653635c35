//! Billing and shipping addresses.

use serde_json::Value;

/// An address; shipping ones have no e-mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub address_1: String,
    pub address_2: String,
    pub city: String,
    pub state: String,
    pub postcode: String,
    pub country: String,
    pub email: String,
    pub phone: String,
}

impl Address {
    /// Takes over the fields a request names.
    pub fn merge(&mut self, sent: &Value) {
        let fields = [
            ("first_name", &mut self.first_name),
            ("last_name", &mut self.last_name),
            ("company", &mut self.company),
            ("address_1", &mut self.address_1),
            ("address_2", &mut self.address_2),
            ("city", &mut self.city),
            ("state", &mut self.state),
            ("postcode", &mut self.postcode),
            ("country", &mut self.country),
            ("email", &mut self.email),
            ("phone", &mut self.phone),
        ];
        for (name, field) in fields {
            if let Some(text) = sent.get(name).and_then(Value::as_str) {
                text.clone_into(field);
            }
        }
    }
}
