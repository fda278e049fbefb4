//! Files that applicants attach: who may send and see them, what is taken, and where it lies.

use super::bucket::{SECRET, StandIn};
use super::world::{CALLERS, Caller, World, text};
use app::attachments::File;
use app::backend::channels::Channels;
use app::backend::now;
use app::error::{AppError, Fault};
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use jiff::SignedDuration;
use pass::{AttachmentFault, Field, KindNo, Refusal, Takes, Text, ValueFault};
use server::shelf::Shelf;
use store::Pool;
use tower::ServiceExt as _;
use uuid::Uuid;

/// A kind that asks for two files of `max_megabytes` at the most.
async fn kind(world: &World, max_megabytes: u8) -> KindNo {
    let field = Field {
        key: "photos".parse().unwrap(),
        label: Text::new("证明材料", "Proof"),
        hint: None,
        required: true,
        takes: Takes::Attachment {
            max_files: 2,
            max_megabytes,
        },
    };
    world.publish(vec![field]).await
}

/// A resident at home, and a kind that asks for files.
async fn begin(pool: Pool, shelf: Shelf) -> (World, KindNo) {
    let world = World::with(pool, Channels::default(), shelf).await;
    world.settle(Caller::Resident, "1-101").await;
    let kind = kind(&world, 1).await;
    (world, kind)
}

fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = image::RgbImage::from_pixel(40, 30, image::Rgb([9, 99, 199]));
    image::codecs::jpeg::JpegEncoder::new(&mut bytes)
        .encode_image(&image)
        .unwrap();
    bytes
}

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";

fn uri(id: Uuid, kind: KindNo) -> String {
    format!("/attachments/{id}?kind={}&field=photos", kind.0)
}

async fn post(
    world: &World,
    uri: &str,
    caller: Caller,
    body: &[u8],
    length: Option<usize>,
) -> Response<Body> {
    let mut request = Request::post(uri)
        .header("host", "localhost")
        .header("sec-fetch-site", "same-origin")
        .header("x-file-name", "%E6%88%B7%E5%8F%A3%E7%B0%BF.jpeg");
    if let Some(length) = length {
        request = request.header("content-length", length);
    }
    if let Some(cookie) = world.cookie(caller).await {
        request = request.header("cookie", cookie);
    }
    let request = request.body(Body::from(body.to_vec())).unwrap();
    world.router.clone().oneshot(request).await.unwrap()
}

/// Sends a file for the resident, or says why it was not taken.
async fn send(world: &World, kind: KindNo, id: Uuid, body: &[u8]) -> Result<File, AppError> {
    let answer = post(world, &uri(id, kind), Caller::Resident, body, Some(body.len())).await;
    let status = answer.status();
    let answer = text(answer).await;
    if status == StatusCode::OK {
        Ok(serde_json::from_str(&answer).unwrap())
    } else {
        let error: AppError = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{answer}"));
        assert_eq!(status, error.status());
        Err(error)
    }
}

async fn get(world: &World, uri: &str, caller: Caller, host: &str) -> Response<Body> {
    world.send(Method::GET, uri, caller, "", host).await
}

fn fault(fault: AttachmentFault) -> AppError {
    AppError::invalid("file", Fault::Attachment(fault))
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_file_is_seen_by_its_owner_and_who_reviews_its_application(pool: Pool) {
    let (world, kind) = begin(pool, Shelf::Database).await;
    let id = Uuid::new_v4();
    let file = send(&world, kind, id, &jpeg()).await.unwrap();
    assert_eq!(
        (file.id, file.name.as_str(), file.picture),
        (id, "户口簿.jpg", true)
    );

    let check = async |seen_by: &[Caller]| {
        for caller in CALLERS {
            for uri in [file.address(), file.thumbnail()] {
                let status = get(&world, &uri, caller, "localhost").await.status();
                let shut = match caller {
                    Caller::Nobody | Caller::Stranger if uri == file.address() => StatusCode::SEE_OTHER,
                    Caller::Nobody | Caller::Stranger => StatusCode::UNAUTHORIZED,
                    _ => StatusCode::NOT_FOUND,
                };
                let expected = if seen_by.contains(&caller) {
                    StatusCode::OK
                } else {
                    shut
                };
                assert_eq!(status, expected, "{uri} as {caller:?}");
            }
        }
        let elsewhere = get(&world, &file.address(), Caller::Stranger, "other.example").await;
        assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND);
    };
    check(&[Caller::Resident]).await;
    let application = world
        .submit(Caller::Resident, kind, "探亲", &[("photos", &id.to_string())])
        .await
        .unwrap();
    check(&[Caller::Resident, Caller::Office]).await;

    for (uri, caller) in [
        (
            format!("/api/v1/applications/detail?id={application}"),
            Caller::Resident,
        ),
        (format!("/api/v1/review/detail?id={application}"), Caller::Office),
        (format!("/applications/{application}"), Caller::Resident),
        (format!("/review/{application}"), Caller::Office),
    ] {
        let shown = text(get(&world, &uri, caller, "localhost").await).await;
        assert!(
            shown.contains("户口簿.jpg") && shown.contains(&id.to_string()),
            "{uri}: {shown}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_document_is_only_ever_handed_out_as_a_file(pool: Pool) {
    let (world, kind) = begin(pool, Shelf::Database).await;
    let document = send(&world, kind, Uuid::new_v4(), PDF).await.unwrap();
    let picture = send(&world, kind, Uuid::new_v4(), &jpeg()).await.unwrap();
    for (file, media, how) in [
        (&document, "application/pdf", "attachment; filename*=UTF-8''"),
        (&picture, "image/jpeg", "inline; filename*=UTF-8''"),
    ] {
        let answer = get(&world, &file.address(), Caller::Resident, "localhost").await;
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), media);
        assert!(header("content-disposition").starts_with(how));
        assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "no-store");
    }
    let answer = get(&world, &document.address(), Caller::Resident, "localhost").await;
    assert_eq!(text(answer).await.as_bytes(), PDF);
    let small = get(&world, &document.thumbnail(), Caller::Resident, "localhost").await;
    assert_eq!(small.status(), StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_is_not_taken_is_told_why(pool: Pool) {
    let (world, kind) = begin(pool, Shelf::Database).await;
    let scripted = String::from_utf8_lossy(PDF).replace("/Catalog", "/Catalog /AA << /S /JavaScript >>");
    let locked = String::from_utf8_lossy(PDF).replace("/Root", "/Encrypt 2 0 R /Root");
    let large = vec![0; (1 << 20) + 1];
    for (body, why) in [
        (b"".as_slice(), AttachmentFault::Empty),
        (b"MZ\x90\0 photo.jpg", AttachmentFault::UnknownSort),
        (b"<svg onload='alert(1)'/>", AttachmentFault::UnknownSort),
        (b"\0\0\0\x18ftypheic\0\0\0\0", AttachmentFault::Heic),
        (&jpeg()[..60], AttachmentFault::Unreadable),
        (scripted.as_bytes(), AttachmentFault::Active),
        (locked.as_bytes(), AttachmentFault::Encrypted),
        (&large, AttachmentFault::TooLarge { max_megabytes: 1 }),
    ] {
        let told = send(&world, kind, Uuid::new_v4(), body).await;
        assert_eq!(told, Err(fault(why)));
    }
    let id = Uuid::new_v4();
    let status =
        async |uri: String, caller, length| post(&world, &uri, caller, &jpeg(), length).await.status();
    let length = Some(jpeg().len());
    assert_eq!(
        status(uri(id, kind), Caller::Nobody, length).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        status(uri(id, kind), Caller::Stranger, length).await,
        StatusCode::UNAUTHORIZED
    );
    // Without a household nobody can apply, whatever their duties.
    assert_eq!(
        status(uri(id, kind), Caller::Administrator, length).await,
        StatusCode::CONFLICT
    );
    assert_eq!(
        status(uri(id, kind), Caller::Resident, None).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let other = uri(id, kind).replace("photos", "people");
    assert_eq!(
        status(other, Caller::Resident, length).await,
        StatusCode::NOT_FOUND
    );

    let cookie = world.cookie(Caller::Resident).await.unwrap();
    for method in [Method::POST, Method::DELETE] {
        let request = Request::builder()
            .method(method)
            .uri(uri(id, kind))
            .header("host", "localhost")
            .header("cookie", &cookie)
            .header("origin", "https://evil.example")
            .body(Body::from(jpeg()))
            .unwrap();
        let answer = world.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn sent_again_it_is_the_same_and_given_once(pool: Pool) {
    let (world, kind) = begin(pool, Shelf::Database).await;
    world.settle(Caller::Office, "1-102").await;
    let id = Uuid::new_v4();
    let first = send(&world, kind, id, &jpeg()).await.unwrap();
    assert_eq!(send(&world, kind, id, &jpeg()).await, Ok(first));
    assert_eq!(
        send(&world, kind, id, PDF).await,
        Err(fault(AttachmentFault::Different))
    );
    let others = post(
        &world,
        &uri(id, kind),
        Caller::Office,
        &jpeg(),
        Some(jpeg().len()),
    )
    .await;
    assert_eq!(others.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let gone = AppError::Refused(Refusal::Given {
        faults: vec![("photos".parse().unwrap(), ValueFault::FileGone)],
    });
    let given = [("photos", &*id.to_string())];
    let stolen = world.submit(Caller::Office, kind, "探亲", &given).await;
    assert_eq!(stolen, Err(gone.clone()));
    world
        .submit(Caller::Resident, kind, "探亲", &given)
        .await
        .unwrap();
    assert_eq!(
        world.submit(Caller::Resident, kind, "再来", &given).await,
        Err(gone.clone())
    );

    let unwanted = Uuid::new_v4();
    send(&world, kind, unwanted, &jpeg()).await.unwrap();
    let address = format!("/attachments/{unwanted}");
    for caller in [Caller::Office, Caller::Resident] {
        let answer = world
            .send(Method::DELETE, &address, caller, "", "localhost")
            .await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        let there = get(&world, &address, Caller::Resident, "localhost")
            .await
            .status();
        let expected = if caller == Caller::Office {
            StatusCode::OK
        } else {
            StatusCode::NOT_FOUND
        };
        assert_eq!(there, expected, "given up by {caller:?}");
    }
    let given = [("photos", &*unwanted.to_string())];
    assert_eq!(
        world.submit(Caller::Resident, kind, "探亲", &given).await,
        Err(gone)
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn nobody_sends_more_than_a_days_worth(pool: Pool) {
    let world = World::new(pool).await;
    world.settle(Caller::Resident, "1-101").await;
    let kind = kind(&world, 20).await;
    let mut statuses = Vec::new();
    for _ in 0..13 {
        // Counted by what is announced, before it is read.
        let answer = post(
            &world,
            &uri(Uuid::new_v4(), kind),
            Caller::Resident,
            b"x",
            Some(20 << 20),
        )
        .await;
        statuses.push(answer.status());
    }
    assert_eq!(statuses[11], StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(statuses[12], StatusCode::TOO_MANY_REQUESTS);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn in_a_bucket_it_is_kept_seen_and_forgotten(pool: Pool) {
    let stand_in = StandIn::start().await;
    let (world, kind) = begin(pool.clone(), stand_in.shelf(SECRET)).await;
    let objects = || stand_in.objects.lock().unwrap().clone();
    let (named, left) = (Uuid::new_v4(), Uuid::new_v4());
    let kept = send(&world, kind, named, PDF).await.unwrap();
    send(&world, kind, left, &jpeg()).await.unwrap();
    assert_eq!(objects().len(), 2);
    assert!(objects().values().any(|object| object == PDF));
    world
        .submit(Caller::Resident, kind, "探亲", &[("photos", &named.to_string())])
        .await
        .unwrap();
    let seen = get(&world, &kept.address(), Caller::Office, "localhost").await;
    assert_eq!(text(seen).await.as_bytes(), PDF);

    // Nobody names the other one: a day later it is gone, object and all.
    let sweep = async |shelf: &Shelf, hours| {
        let later = now() + SignedDuration::from_hours(hours);
        server::jobs::sweep(&pool, shelf, later).await.unwrap();
    };
    sweep(&stand_in.shelf(SECRET), 23).await;
    assert_eq!(objects().len(), 2);
    sweep(&stand_in.shelf("wrong"), 25).await;
    assert_eq!(objects().len(), 2, "out of reach, it waits for the next time");
    sweep(&Shelf::Database, 25).await;
    assert_eq!(objects().len(), 2);
    sweep(&stand_in.shelf(SECRET), 25).await;
    assert_eq!(objects().into_values().collect::<Vec<_>>(), [PDF]);

    // What is there is not what was put there: nobody is shown it.
    for object in stand_in.objects.lock().unwrap().values_mut() {
        object[0] = b'!';
    }
    let seen = get(&world, &kept.address(), Caller::Office, "localhost").await;
    assert_eq!(seen.status(), StatusCode::INTERNAL_SERVER_ERROR);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_bucket_that_says_no_loses_nothing(pool: Pool) {
    let stand_in = StandIn::start().await;
    let (shut, kind) = begin(pool.clone(), stand_in.shelf("wrong")).await;
    let id = Uuid::new_v4();
    assert_eq!(send(&shut, kind, id, PDF).await, Err(AppError::Internal));
    let gone = shut
        .submit(Caller::Resident, kind, "探亲", &[("photos", &id.to_string())])
        .await;
    assert!(
        matches!(gone, Err(AppError::Refused(Refusal::Given { .. }))),
        "{gone:?}"
    );
    // Mended, the same file is sent again under the same id.
    let open = shut.with_shelf(stand_in.shelf(SECRET));
    send(&open, kind, id, PDF).await.unwrap();
    open.submit(Caller::Resident, kind, "探亲", &[("photos", &id.to_string())])
        .await
        .unwrap();
}
