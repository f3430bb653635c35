//! Passwords: argon2id with OWASP's lower bound of cost, and length as the only rule for a new one.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const MIN_CHARS: usize = 12;
const MAX_CHARS: usize = 128;
/// Longer input cannot be anyone's password; it is turned away before it costs a hash.
const MAX_BYTES: usize = MAX_CHARS * 4;

/// A hash that no password fits, with today's cost: what an unknown e-mail is checked against, so that the answer
/// takes as long as for a known one.
pub const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGxvZ3MgaW4$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a new password was turned down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("the password needs at least {MIN_CHARS} characters")]
    TooShort,
    #[error("the password may have at most {MAX_CHARS} characters")]
    TooLong,
}

/// Hashing failed; it cannot be the password's fault.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(String);

/// The PHC string to store for `password`. Costs 19 MiB and some 20 ms: call it on a blocking thread.
pub fn hash(password: &str) -> Result<String, HashError> {
    let hashed = argon2().and_then(|argon2| argon2.hash_password(password.as_bytes()).map_err(text));
    hashed.map(|phc: PasswordHash| phc.to_string()).map_err(HashError)
}

/// Whether `password` fits the stored PHC string, at the cost that the string names. Call it on a blocking thread.
#[must_use]
pub fn verify(password: &str, phc: &str) -> bool {
    if password.len() > MAX_BYTES {
        return false;
    }
    let Ok(stored) = PasswordHash::new(phc) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &stored).is_ok()
}

/// Whether the stored string was made with another cost than today's; re-hash after the next good login.
#[must_use]
pub fn needs_rehash(phc: &str) -> bool {
    let Ok(stored) = PasswordHash::new(phc) else { return true };
    let Ok(params) = Params::try_from(&stored) else { return true };
    let today = (MEMORY_KIB, PASSES, LANES);
    stored.algorithm.as_str() != "argon2id"
        || stored.version != Some(Version::V0x13.into())
        || (params.m_cost(), params.t_cost(), params.p_cost()) != today
}

/// The rule for a new password: long enough to resist guessing; what it is made of is its owner's affair.
pub fn check_new(password: &str) -> Result<(), WeakPassword> {
    match password.chars().count() {
        0..MIN_CHARS => Err(WeakPassword::TooShort),
        MIN_CHARS..=MAX_CHARS => Ok(()),
        _ => Err(WeakPassword::TooLong),
    }
}

fn argon2() -> Result<Argon2<'static>, String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(text)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_fits_its_hash() {
        let phc = hash("correct horse battery").unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify("correct horse battery", &phc));
        for wrong in ["", "correct horse batter", "correct horse battery ", "Correct horse battery"] {
            assert!(!verify(wrong, &phc));
        }
        assert_ne!(phc, hash("correct horse battery").unwrap(), "two hashes share a salt");
    }

    #[test]
    fn nobody_is_a_real_hash_of_todays_cost_that_nothing_fits() {
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!needs_rehash(NOBODY));
        for guess in ["", "nobody", "correct horse battery"] {
            assert!(!verify(guess, NOBODY));
        }
    }

    #[test]
    fn a_cheaper_or_foreign_hash_asks_to_be_renewed() {
        let params = Params::new(8 * 1024, 1, 1, None).unwrap();
        let cheap: PasswordHash =
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(b"correct horse battery").unwrap();
        assert!(verify("correct horse battery", &cheap.to_string()));
        assert!(needs_rehash(&cheap.to_string()));
        assert!(needs_rehash("$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"));
        assert!(needs_rehash("nonsense"));
        assert!(!needs_rehash(&hash("correct horse battery").unwrap()));
    }

    #[test]
    fn a_megabyte_of_password_costs_no_hash() {
        let started = std::time::Instant::now();
        for _ in 0..1_000 {
            assert!(!verify(&"x".repeat(1024 * 1024), NOBODY));
        }
        assert!(started.elapsed() < std::time::Duration::from_secs(5));
    }

    #[test]
    fn length_is_the_only_rule_and_counts_characters() {
        assert_eq!(check_new("short"), Err(WeakPassword::TooShort));
        assert_eq!(check_new("elevenchars"), Err(WeakPassword::TooShort));
        assert_eq!(check_new("twelve chars"), Ok(()));
        assert_eq!(check_new(&"ş".repeat(128)), Ok(()));
        assert_eq!(check_new(&"x".repeat(129)), Err(WeakPassword::TooLong));
    }

    #[test]
    fn the_longest_allowed_password_can_log_in() {
        let longest = "😀".repeat(MAX_CHARS);
        assert!(verify(&longest, &hash(&longest).unwrap()));
    }
}
