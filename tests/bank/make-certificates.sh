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
[client]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = clientAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
[common]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
[address]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:127.0.0.1
[wild]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:*, DNS:local*, DNS:*.0.0.1, DNS:*host
[middle]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[narrow]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
nameConstraints = critical, permitted;DNS:bank.example, permitted;IP:127.0.0.2/255.255.255.255
[short_path]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign
END
: >index
echo 01 >serial

# NAME: an authority.
authority () {
  openssl req -x509 $ec -keyout "$1.key" -out "$1.pem" -days 30 -subj "/CN=Test authority $1" \
    -addext 'keyUsage = critical, keyCertSign' 2>/dev/null
}

# NAME AUTHORITY EXTENSIONS FROM TO REQUEST [DIGEST]: NAME.pem, the leaf before its key.
leaf () {
  openssl ca -md "${7:-sha256}" -batch -notext -config ca.cnf -cert "$2.pem" -keyfile "$2.key" -extensions "$3" \
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

# Good names and dates from here on, and one thing wrong each.
from=20200101000000Z
to=20490101000000Z
leaf client ca client $from $to leaf
leaf common ca common $from $to leaf
leaf address ca address $from $to leaf
leaf wild ca wild $from $to leaf
leaf sha1 ca good $from $to leaf sha1
# MD5 goes with RSA alone, so that it needs an authority of that kind; both are believed in trust.pem.
openssl req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.pem -days 30 -subj '/CN=Test authority rsa' \
  -addext 'keyUsage = critical, keyCertSign' 2>/dev/null
cat ca.pem rsa.pem >trust.pem
leaf good-rsa rsa good $from $to leaf
leaf md5 rsa good $from $to leaf md5

# NAME EXTENSIONS: an authority below ca, and NAME-leaf.pem under it with the chain behind it.
below () {
  openssl req -new $ec -keyout "$1.key" -out "$1.csr" -subj "/CN=Between $1" 2>/dev/null
  leaf "$1" ca "$2" $from $to "$1"
  leaf "$1-leaf" "$1" good $from $to leaf
  cat "$1.crt" >>"$1-leaf.pem"
}
below middle middle
below fake good
below narrow narrow
# The authority between them is not sent.
cat middle-leaf.crt leaf.key >missing-middle.pem
# One that may have none below it, and one below it.
openssl req -new $ec -keyout deep.key -out deep.csr -subj '/CN=Too deep' 2>/dev/null
below shallow short_path
leaf deep shallow middle $from $to deep
leaf deep-leaf deep good $from $to leaf
cat deep.crt shallow.crt >>deep-leaf.pem

for key in leaf short; do
  openssl pkey -in $key.key -pubout -outform der | openssl dgst -sha256 -binary | base64 >$key.pin
done
: >empty.pem
