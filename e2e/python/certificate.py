"""Makes an authority (`authority.pem`) and a certificate of 127.0.0.1 with its key (`server.pem`, `server.key`) in the folder that is named."""
import datetime
import ipaddress
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

folder = pathlib.Path(sys.argv[1])
now = datetime.datetime.now(datetime.timezone.utc)


def certificate(of, key, by, by_key, *extensions):
    builder = (
        x509.CertificateBuilder()
        .subject_name(of)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(by_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def name(text):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
authority, server = name("authority of a test"), name("server of a test")
may_sign = x509.BasicConstraints(ca=True, path_length=None)
address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
(folder / "authority.pem").write_bytes(certificate(authority, authority_key, authority, authority_key, may_sign))
(folder / "server.pem").write_bytes(certificate(server, key, authority, authority_key, address))
(folder / "server.key").write_bytes(
    key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
)
