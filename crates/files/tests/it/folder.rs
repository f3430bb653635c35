//! A folder in use.

use std::{collections::HashSet, fs, os::unix::fs::PermissionsExt as _};

use bytes::Bytes;
use storewire_domain::{AttachmentId, TenantId};
use storewire_files::{Files, FilesError};

use crate::scene::{far_ahead, is_whole, key, letters, stored};

/// The same story over both storages.
async fn is_kept_replaced_and_taken_away(files: &Files) {
    let (tenant, id) = key();
    files.put(tenant, id, Bytes::from_static(b"first")).await.unwrap();
    files.put(tenant, id, letters(100_000)).await.unwrap();
    assert_eq!(files.get(tenant, id).await.unwrap(), letters(100_000));

    let found = stored(files).await;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].tenant, found[0].id, found[0].bytes), (tenant, id, 100_001));
    assert!(found[0].at > "2024-01-01T00:00:00Z".parse().unwrap());

    files.delete(tenant, id).await.unwrap();
    let missing = files.get(tenant, id).await.unwrap_err();
    assert!(matches!(missing, FilesError::Missing { tenant: of, id: what } if of == tenant && what == id), "{missing}");
    assert!(missing.to_string().contains(&id.to_string()), "{missing}");
    // What is gone may be taken away again.
    files.delete(tenant, id).await.unwrap();
    assert_eq!(stored(files).await, []);
}

#[tokio::test]
async fn a_file_is_kept_replaced_and_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    is_kept_replaced_and_taken_away(&Files::open(folder.path().join("made/here")).unwrap()).await;
    is_kept_replaced_and_taken_away(&Files::in_memory()).await;
}

#[tokio::test]
async fn what_was_put_is_there_for_whoever_opens_the_folder_next() {
    let folder = tempfile::tempdir().unwrap();
    let (tenant, id) = key();
    Files::open(folder.path()).unwrap().put(tenant, id, letters(10)).await.unwrap();
    assert_eq!(Files::open(folder.path()).unwrap().get(tenant, id).await.unwrap(), letters(10));
}

#[tokio::test]
async fn another_tenants_file_is_missing_under_its_own_id() {
    let files = Files::in_memory();
    let (tenant, id) = key();
    files.put(tenant, id, letters(10)).await.unwrap();
    let foreign = files.get(TenantId::fresh(), id).await.unwrap_err();
    assert!(matches!(foreign, FilesError::Missing { .. }), "{foreign}");
    files.delete(TenantId::fresh(), id).await.unwrap();
    assert_eq!(files.get(tenant, id).await.unwrap(), letters(10));
}

#[tokio::test]
async fn fifty_at_once_are_all_whole_also_when_they_are_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path()).unwrap();
    let (tenant, same) = key();
    let puts = (0..50).map(|number| {
        let files = files.clone();
        tokio::spawn(async move {
            let own = AttachmentId::fresh();
            files.put(tenant, own, letters(number * 1_000)).await.unwrap();
            files.put(tenant, same, letters(number * 1_000)).await.unwrap();
            own
        })
    });
    let mut ids = HashSet::new();
    for (number, put) in puts.collect::<Vec<_>>().into_iter().enumerate() {
        let own = put.await.unwrap();
        assert_eq!(files.get(tenant, own).await.unwrap(), letters(number * 1_000));
        ids.insert(own);
    }
    assert!(is_whole(&files.get(tenant, same).await.unwrap()));
    ids.insert(same);
    assert_eq!(stored(&files).await.into_iter().map(|file| file.id).collect::<HashSet<_>>(), ids);
    assert_eq!(files.clear_halves(far_ahead()).await.unwrap(), 0, "a put has left something behind");
}

#[tokio::test]
async fn nothing_lies_outside_the_folder_or_is_readable_by_others() {
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().join("files");
    let files = Files::open(&folder).unwrap();
    let (tenant, id) = key();
    files.put(tenant, id, letters(10)).await.unwrap();
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(fs::read(folder.join(tenant.to_string()).join(id.to_string())).unwrap(), letters(10));
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o077, 0);
}

#[tokio::test]
async fn what_others_have_put_there_is_not_listed_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path()).unwrap();
    let (tenant, id) = key();
    files.put(tenant, id, letters(10)).await.unwrap();
    let theirs = [
        folder.path().join("README"),
        folder.path().join("lost+found#1"),
        folder.path().join(format!("{tenant}/photo.jpg")),
    ];
    for path in &theirs {
        fs::write(path, "theirs").unwrap();
    }
    assert_eq!(stored(&files).await.len(), 1);
    assert_eq!(files.clear_halves(far_ahead()).await.unwrap(), 0);
    assert!(theirs.iter().all(|path| path.exists()));
}

#[tokio::test]
async fn a_place_that_cannot_be_used_is_refused_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    for place in [file.clone(), file.join("below")] {
        let refused = Files::open(&place).unwrap_err();
        assert!(matches!(&refused, FilesError::Folder { path, .. } if *path == place), "{refused}");
        assert!(refused.to_string().contains("a-file"), "{refused}");
    }
}

#[tokio::test]
async fn a_put_that_cannot_be_finished_leaves_the_old_file_and_no_half() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path()).unwrap();
    let (tenant, id) = key();
    // A folder in the file's place: the last step, the renaming, fails.
    fs::create_dir_all(folder.path().join(format!("{tenant}/{id}/in-the-way"))).unwrap();
    let refused = files.put(tenant, id, letters(10)).await.unwrap_err();
    assert!(matches!(refused, FilesError::Storage { deed: "written", .. }), "{refused}");
    assert_eq!(files.clear_halves(far_ahead()).await.unwrap(), 0);
    assert_eq!(stored(&files).await, []);
}
