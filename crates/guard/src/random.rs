//! Random bytes from the operating system, by way of aws-lc.

/// `N` unpredictable bytes.
#[expect(clippy::expect_used, reason = "a machine without randomness can keep no secret; carrying on would be worse")]
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    aws_lc_rs::rand::fill(&mut out).expect("the operating system gives random bytes");
    out
}
