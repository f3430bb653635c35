//! Where a file lies: `<tenant>/<id>`, two UUIDs in their usual form.

use object_store::path::Path;
use storewire_domain::{AttachmentId, TenantId};

/// The place of a file. A UUID holds neither a separator nor a dot, so that a key cannot lead out of its tenant's part.
pub(crate) fn of(tenant: TenantId, id: AttachmentId) -> Path {
    Path::from_iter([tenant.to_string(), id.to_string()])
}

/// The key that a place stands for; `None` for what was not put there by us.
pub(crate) fn read(place: &Path) -> Option<(TenantId, AttachmentId)> {
    let (tenant, id) = place.as_ref().split_once('/')?;
    let key = (tenant.parse().ok()?, id.parse().ok()?);
    // Other spellings of a UUID are other files.
    (of(key.0, key.1) == *place).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_and_nothing_else_is_one() {
        let (tenant, id) = (TenantId::fresh(), AttachmentId::fresh());
        let place = of(tenant, id);
        assert_eq!(place.as_ref(), format!("{tenant}/{id}"));
        assert_eq!(read(&place), Some((tenant, id)));
        let upper = format!("{tenant}/{id}").to_uppercase();
        let deeper = format!("{tenant}/{id}/{id}");
        for other in ["", "notes.txt", &tenant.to_string(), &upper, &deeper, &format!("{tenant}/photo.jpg")] {
            assert_eq!(read(&Path::from(other)), None, "{other}");
        }
    }
}
