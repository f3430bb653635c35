//! A postal address with the person to write to, as JSON.

use serde::Serialize;
use storewire_domain::Address;
use utoipa::ToSchema;

/// An address as the store holds it; parts that it does not have are empty.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressItem {
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

impl From<Address> for AddressItem {
    fn from(address: Address) -> Self {
        Self {
            first_name: address.first_name,
            last_name: address.last_name,
            company: address.company,
            address_1: address.address_1,
            address_2: address.address_2,
            city: address.city,
            state: address.state,
            postcode: address.postcode,
            country: address.country,
            email: address.email,
            phone: address.phone,
        }
    }
}
