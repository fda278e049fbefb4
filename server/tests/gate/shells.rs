use crate::world::{BUILD, World};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use store::Pool;

/// The service worker keeps a shell only when it is of its own build (`public/sw.js`).
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_shell_names_its_build(pool: Pool) {
    let world = World::new(pool).await;
    for path in ["/shell/gate", "/shell/pass", "/gate", "/passes/7"] {
        let request = Request::get(path).header("host", "localhost");
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let document = String::from_utf8(answer.body).unwrap();
        assert!(document.contains(&format!("data-build=\"{BUILD}\"")), "{path}");
    }
}
