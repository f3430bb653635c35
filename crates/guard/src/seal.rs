//! Secrets at rest: AES-256-GCM bound to the row and column they were sealed for.
//!
//! A sealed value is `version | key id | nonce | ciphertext and tag`; tenant, store and column are its associated data,
//! so that a value copied to another row opens nothing. The key file may hold older keys below the newest: they open
//! what was sealed with them and seal nothing new.

use std::{fmt, path::Path, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};
use uuid::Uuid;
use zeroize::Zeroizing;

pub use crate::key_file::KeyFileError;
use crate::key_file::{self, Key};

const VERSION: u8 = 1;
const KEY_ID_LEN: usize = 4;
const HEAD_LEN: usize = 1 + KEY_ID_LEN + NONCE_LEN;

type KeyId = [u8; KEY_ID_LEN];

/// Where a sealed value lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext {
    pub tenant: Uuid,
    pub store: Uuid,
    /// The column's name, such as `consumer_secret`.
    pub column: &'static str,
}

/// Why a sealed value could not be opened. Says nothing about its content.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the sealed value is of an unknown form")]
    UnknownForm,
    #[error("the sealed value needs a key that is not in the key file")]
    UnknownKey,
    #[error("the sealed value was altered or belongs to another place")]
    Refused,
}

/// The keys of this installation. Cheap to clone; prints as its key ids only.
#[derive(Clone)]
pub struct Keyring(Arc<[MasterKey]>);

struct MasterKey {
    id: KeyId,
    derive: hkdf::Prk,
    sealing: LessSafeKey,
}

impl Keyring {
    /// Makes a new key file with mode 0600. An existing file is an error: overwriting it would lose every secret.
    pub fn generate_file(path: impl AsRef<Path>) -> Result<Self, KeyFileError> {
        key_file::create(path.as_ref()).map(|key| Self::from_keys(vec![key]))
    }

    /// Reads the key file; one that its group or others can touch is refused.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, KeyFileError> {
        key_file::read(path.as_ref()).map(Self::from_keys)
    }

    /// A keyring of one given key, for tests.
    #[must_use]
    pub fn from_bytes(key: [u8; 32]) -> Self {
        Self::from_keys(vec![Key::new(key)])
    }

    fn from_keys(keys: Vec<Key>) -> Self {
        Self(keys.into_iter().map(|key| MasterKey::new(&key)).collect())
    }

    /// Seals `plain` for `context` with the newest key.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a keyring is never empty, and only a text beyond 64 GiB cannot be sealed")]
    pub fn seal(&self, context: &SealContext, plain: &[u8]) -> Vec<u8> {
        let key = self.0.first().expect("a keyring holds a key");
        let nonce: [u8; NONCE_LEN] = crate::random::bytes();
        let mut text = plain.to_vec();
        key.sealing
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated_data(context, key.id)),
                &mut text,
            )
            .expect("a secret is shorter than 64 GiB");
        let mut sealed = Vec::with_capacity(HEAD_LEN + text.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&key.id);
        sealed.extend_from_slice(&nonce);
        sealed.append(&mut text);
        sealed
    }

    /// Opens what [`Keyring::seal`] made for the same context. The plain text is wiped when it is dropped.
    pub fn open(&self, context: &SealContext, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (&version, rest) = sealed.split_first().ok_or(SealError::UnknownForm)?;
        if version != VERSION {
            return Err(SealError::UnknownForm);
        }
        let (id, rest) = rest.split_first_chunk::<KEY_ID_LEN>().ok_or(SealError::UnknownForm)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::UnknownForm)?;
        let key = self.0.iter().find(|key| key.id == *id).ok_or(SealError::UnknownKey)?;
        let mut plain = Zeroizing::new(text.to_vec());
        let len = key
            .sealing
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(associated_data(context, *id)),
                plain.as_mut_slice(),
            )
            .map_err(|_| SealError::Refused)?
            .len();
        plain.truncate(len);
        Ok(plain)
    }

    /// The password of the database's application role, so that no second secret must be kept.
    #[must_use]
    pub fn database_password(&self) -> secrecy::SecretString {
        let key = self.derive("storewire database role 1").into_iter().next();
        key.map(|(_, bytes)| hex::encode(*bytes)).unwrap_or_default().into()
    }

    /// One key per master key for the purpose `label`, the newest first, each with its id.
    pub(crate) fn derive(&self, label: &str) -> Vec<(String, Key)> {
        self.0.iter().map(|key| (hex::encode(key.id), expand(&key.derive, label))).collect()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| hex::encode(key.id))).finish()
    }
}

impl MasterKey {
    #[expect(clippy::expect_used, reason = "the length of the key is fixed by its type")]
    fn new(key: &Key) -> Self {
        let derive = hkdf::Salt::new(hkdf::HKDF_SHA256, b"storewire").extract(key.as_slice());
        let id_bytes = expand(&derive, "storewire key id 1");
        let mut id = KeyId::default();
        id.iter_mut().zip(id_bytes.iter()).for_each(|(to, from)| *to = *from);
        let sealing_key = expand(&derive, "storewire seal 1");
        let unbound = UnboundKey::new(&AES_256_GCM, sealing_key.as_slice()).expect("the key has 32 bytes");
        Self { id, derive, sealing: LessSafeKey::new(unbound) }
    }
}

#[expect(clippy::expect_used, reason = "HKDF-SHA256 yields 32 bytes for any label")]
fn expand(key: &hkdf::Prk, label: &str) -> Key {
    let mut out = Key::new([0; 32]);
    key.expand(&[label.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(out.as_mut_slice()))
        .expect("32 bytes can be derived");
    out
}

/// Every part but the last has a fixed length, so no two contexts give the same bytes.
fn associated_data(context: &SealContext, key: KeyId) -> Vec<u8> {
    let mut out = vec![VERSION];
    out.extend_from_slice(&key);
    out.extend_from_slice(context.tenant.as_bytes());
    out.extend_from_slice(context.store.as_bytes());
    out.extend_from_slice(context.column.as_bytes());
    out
}

#[cfg(test)]
mod tests;
