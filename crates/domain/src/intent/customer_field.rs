//! The fields of a customer account that may be changed.

use serde::{Deserialize, Serialize};

use crate::{Address, Customer, remote::text_enum};

text_enum! {
    /// A field of a customer account, by WooCommerce's name; the part before the dot is the address.
    pub enum CustomerField {
        Email = "email",
        FirstName = "first_name",
        LastName = "last_name",
        BillingFirstName = "billing.first_name",
        BillingLastName = "billing.last_name",
        BillingCompany = "billing.company",
        BillingAddress1 = "billing.address_1",
        BillingAddress2 = "billing.address_2",
        BillingCity = "billing.city",
        BillingState = "billing.state",
        BillingPostcode = "billing.postcode",
        BillingCountry = "billing.country",
        BillingEmail = "billing.email",
        BillingPhone = "billing.phone",
        ShippingFirstName = "shipping.first_name",
        ShippingLastName = "shipping.last_name",
        ShippingCompany = "shipping.company",
        ShippingAddress1 = "shipping.address_1",
        ShippingAddress2 = "shipping.address_2",
        ShippingCity = "shipping.city",
        ShippingState = "shipping.state",
        ShippingPostcode = "shipping.postcode",
        ShippingCountry = "shipping.country",
        ShippingPhone = "shipping.phone",
    }
}

impl CustomerField {
    /// Whether it holds an e-mail address.
    #[must_use]
    pub const fn is_email(self) -> bool {
        matches!(self, Self::Email | Self::BillingEmail)
    }

    /// The address that it belongs to, if any, and its name in there.
    #[must_use]
    pub fn place(self) -> (Option<&'static str>, &'static str) {
        let name = self.as_str();
        name.split_once('.').map_or((None, name), |(address, field)| (Some(address), field))
    }

    /// What a customer has there; empty for none.
    #[must_use]
    pub fn of(self, customer: &Customer) -> &str {
        self.in_addresses(&customer.billing, &customer.shipping).unwrap_or(match self {
            Self::Email => &customer.email,
            Self::FirstName => &customer.first_name,
            _ => &customer.last_name,
        })
    }

    /// What an account's addresses hold of it; `None` for a field of the account itself.
    #[must_use]
    pub fn in_addresses<'a>(self, billing: &'a Address, shipping: &'a Address) -> Option<&'a str> {
        match self.place() {
            (Some("billing"), field) => Some(of_address(billing, field)),
            (Some(_), field) => Some(of_address(shipping, field)),
            (None, _) => None,
        }
    }
}

fn of_address<'a>(address: &'a Address, field: &str) -> &'a str {
    match field {
        "first_name" => &address.first_name,
        "last_name" => &address.last_name,
        "company" => &address.company,
        "address_1" => &address.address_1,
        "address_2" => &address.address_2,
        "city" => &address.city,
        "state" => &address.state,
        "postcode" => &address.postcode,
        "country" => &address.country,
        "email" => &address.email,
        _ => &address.phone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_reads_its_own_place() {
        let mut customer = Customer {
            remote_id: 1.into(),
            email: "email".to_owned(),
            first_name: "first_name".to_owned(),
            last_name: "last_name".to_owned(),
            username: String::new(),
            role: String::new(),
            created_at: None,
            modified_at: None,
            billing: Address::default(),
            shipping: Address::default(),
        };
        for (name, address) in [("billing", &mut customer.billing), ("shipping", &mut customer.shipping)] {
            let of = |field: &str| format!("{name}.{field}");
            *address = Address {
                first_name: of("first_name"),
                last_name: of("last_name"),
                company: of("company"),
                address_1: of("address_1"),
                address_2: of("address_2"),
                city: of("city"),
                state: of("state"),
                postcode: of("postcode"),
                country: of("country"),
                email: of("email"),
                phone: of("phone"),
            };
        }
        for field in CustomerField::ALL {
            assert_eq!(field.of(&customer), field.as_str());
        }
    }
}
