//! JSON text without the white space between its tokens.

/// Removes white space outside strings. Works on the text, so that no number changes its form and no depth costs stack.
pub fn compact(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for character in json.chars() {
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else if character.is_ascii_whitespace() {
            continue;
        } else {
            in_string = character == '"';
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn white_space_goes_and_strings_stay() {
        assert_eq!(
            compact(r#" { "a b" : [ 1.50 , "x \" y" , "\\" ] , "c" : "Ö 📚" } "#),
            r#"{"a b":[1.50,"x \" y","\\"],"c":"Ö 📚"}"#
        );
    }
}
