#!/bin/sh
# Certificates for the TLS tests, into the folder $1: two authorities, and leaves of each kind of wrong.
set -eu
cd "$1"
ec='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

cat >ca.cnf <<'END'
[ca]
default_ca = this
[this]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[good]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
[name]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:bank.example, IP:127.0.0.2
END
: >index
echo 01 >serial

# NAME: an authority.
authority () {
  openssl req -x509 $ec -keyout "$1.key" -out "$1.pem" -days 30 -subj "/CN=Test authority $1" \
    -addext 'keyUsage = critical, keyCertSign' 2>/dev/null
}

# NAME AUTHORITY EXTENSIONS FROM TO REQUEST: NAME.pem, the leaf before its key.
leaf () {
  openssl ca -batch -notext -config ca.cnf -cert "$2.pem" -keyfile "$2.key" -extensions "$3" \
    -startdate "$4" -enddate "$5" -in "$6.csr" -out "$1.crt" 2>/dev/null
  cat "$1.crt" "$6.key" >"$1.pem"
}

authority ca
authority other
openssl req -new $ec -keyout leaf.key -out leaf.csr -subj '/CN=localhost' 2>/dev/null
openssl req -new -newkey rsa:1024 -nodes -keyout short.key -out short.csr -subj '/CN=localhost' 2>/dev/null

leaf good ca good 20200101000000Z 20490101000000Z leaf
leaf foreign other good 20200101000000Z 20490101000000Z leaf
leaf name ca name 20200101000000Z 20490101000000Z leaf
leaf expired ca good 20200101000000Z 20210101000000Z leaf
leaf early ca good 20480101000000Z 20490101000000Z leaf
leaf short ca good 20200101000000Z 20490101000000Z short
openssl req -x509 -key leaf.key -out self.crt -days 30 -subj '/CN=localhost' \
  -addext 'subjectAltName = DNS:localhost, IP:127.0.0.1' 2>/dev/null
cat self.crt leaf.key >self.pem
: >empty.pem
