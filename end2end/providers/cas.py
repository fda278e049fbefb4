"""A real CAS server (PyPI's django-cas-server) on a free port of this machine, for tests: `python cas.py RETURN_PATTERN`. It prints its
address and ends with its standard input. Anybody signs in, with a number and the password `number`."""

import os
import sys
import tempfile
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings

folder = tempfile.TemporaryDirectory()
settings.configure(
    SECRET_KEY="a key of the tests",
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="urls_of_tests",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "cas_server",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(folder.name, "cas.sqlite")}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    STATIC_URL="/static/",
    LANGUAGE_CODE="en",
    USE_TZ=True,
    CAS_AUTH_CLASS="users_of_tests.User",
    CAS_NEW_VERSION_HTML_WARNING=False,
    CAS_TICKET_VALIDITY=60,
    LOGGING_CONFIG=None,
)

import types  # noqa: E402


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made


django.setup()

from cas_server.auth import AuthUser  # noqa: E402
from cas_server.models import ReplaceAttributName, ServicePattern  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402


class User(AuthUser):
    """Whoever knows the one password."""

    def test_password(self, password):
        return password == "number"

    def attributs(self):
        return {"employeeNumber": f"E-{self.username}"}


module("users_of_tests", User=User)
module("urls_of_tests", urlpatterns=[path("cas/", include("cas_server.urls", namespace="cas_server"))])

call_command("migrate", verbosity=0)
pattern = ServicePattern.objects.create(pos=1, name="Campus Pass", pattern=sys.argv[1], single_log_out=True)
ReplaceAttributName.objects.create(service_pattern=pattern, name="employeeNumber", replace="")


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
print(f"http://127.0.0.1:{server.server_port}/cas", flush=True)


def end():
    sys.stdin.read()
    folder.cleanup()
    os._exit(0)


threading.Thread(target=end, daemon=True).start()
server.serve_forever()
