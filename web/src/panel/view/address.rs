//! A postal address as lines, as the store sent it.

use storewire_domain::Address;

use super::text::plain;

/// The address's lines without the empty ones.
pub fn lines(address: &Address) -> String {
    let join =
        |parts: &[&str]| parts.iter().filter(|part| !part.trim().is_empty()).copied().collect::<Vec<_>>().join(" ");
    let name = address.full_name();
    let town = join(&[&address.postcode, &address.city]);
    let region = join(&[&address.state, &address.country]);
    let all = [name.as_str(), &address.company, &address.address_1, &address.address_2, &town, &region, &address.phone];
    all.into_iter().filter(|line| !line.trim().is_empty()).map(plain).collect::<Vec<_>>().join("\n")
}
