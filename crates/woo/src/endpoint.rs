//! URLs below a store's REST root, in pretty form (`/wp-json/…`) and in plain form (`?rest_route=/…`).

use url::Url;

/// Query parameters of a call, in order.
pub(crate) type Params = Vec<(&'static str, String)>;

/// The URL of `path` (such as `wc/v3/orders`) with its parameters. `path` is ours or made of checked ids.
pub(crate) fn endpoint(rest_root: &Url, path: &str, params: &Params) -> Url {
    let mut url = rest_root.clone();
    let plain: Vec<(String, String)> = rest_root.query_pairs().into_owned().collect();
    url.set_query(None);
    if plain.iter().any(|(name, _)| name == "rest_route") {
        let mut query = url.query_pairs_mut();
        for (name, value) in &plain {
            match name.as_str() {
                "rest_route" => query.append_pair(name, &format!("{}/{path}", value.trim_end_matches('/'))),
                _ => query.append_pair(name, value),
            };
        }
    } else {
        url.set_path(&format!("{}/{path}", rest_root.path().trim_end_matches('/')));
    }
    if !params.is_empty() {
        url.query_pairs_mut().extend_pairs(params);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(root: &str, path: &str) -> String {
        endpoint(&root.parse().unwrap(), path, &vec![("page", "2".to_owned()), ("status", "any".to_owned())]).into()
    }

    #[test]
    fn paths_are_set_below_every_form_of_root() {
        let tail = "wc/v3/orders?page=2&status=any";
        assert_eq!(made("https://s.example/wp-json/", "wc/v3/orders"), format!("https://s.example/wp-json/{tail}"));
        assert_eq!(
            made("https://s.example/b/index.php/wp-json", "wc/v3/orders"),
            format!("https://s.example/b/index.php/wp-json/{tail}")
        );
        let plain = "https://s.example/index.php?rest_route=%2Fwc%2Fv3%2Forders&page=2&status=any";
        assert_eq!(made("https://s.example/index.php?rest_route=/", "wc/v3/orders"), plain);
        assert_eq!(
            endpoint(&"https://s.example/wp-json/".parse().unwrap(), "", &Vec::new()).as_str(),
            "https://s.example/wp-json/"
        );
    }
}
