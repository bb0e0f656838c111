/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE	/* memmem */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "tap.h"

#define MAKERS 16
#define KEY_A  "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define KEY_B  "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"

static struct arena arena;
static char dir[64], path[128];
static char logged[4 * LOG_LINE_MAX];
static int log_lines;

static void
keep_line(const char *line, size_t len)
{
	size_t have = strlen(logged);

	log_lines++;
	if (have + len < sizeof(logged)) {
		memcpy(logged + have, line, len);
		logged[have + len] = '\0';
	}
}

static const char *
hex(const unsigned char *p, size_t len)
{
	static char out[256];
	size_t i;

	for (i = 0; i < len; i++)
		snprintf(out + 2 * i, 3, "%02x", p[i]);
	out[2 * len] = '\0';
	return out;
}

static size_t
unhex(const char *text, unsigned char *out)
{
	size_t n = strlen(text) / 2, i;
	unsigned v;

	for (i = 0; i < n; i++) {
		sscanf(text + 2 * i, "%2x", &v);
		out[i] = (unsigned char)v;
	}
	return n;
}

static void
test_hash(void)
{
	static const char *const cases[][2] = {	/* FIPS 180-2 B */
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	unsigned char out[CRYPTO_HASH_LEN];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		crypto_sha256(cases[i][0], strlen(cases[i][0]), out);
		is_str(hex(out, sizeof(out)), cases[i][1], "SHA-256 of '%s'", cases[i][0]);
	}
}

static void
test_text(void)
{
	char one[CRYPTO_TEXT_LEN + 1], other[CRYPTO_TEXT_LEN + 1];

	crypto_sha256_text("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", one);	/* RFC 7636 B */
	is_str(one, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "a hash as text");
	crypto_random_text(one);
	crypto_random_text(other);
	is_int((int64_t)strlen(one), CRYPTO_TEXT_LEN, "random text is as long");
	ok(strcmp(one, other) != 0, "and does not come twice");
}

static void
test_hmac(void)
{
	unsigned char key[CRYPTO_KEY_LEN] = { 0 }, out[CRYPTO_HASH_LEN];

	/* A key shorter than a block is filled up with zeros: so may we. */
	memset(key, 0x0b, 20);
	crypto_hmac_sha256(key, "Hi There", 8, out);
	is_str(hex(out, sizeof(out)), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
	    "HMAC-SHA-256, RFC 4231 4.2");
	memset(key, 0, sizeof(key));
	memcpy(key, "Jefe", 4);
	crypto_hmac_sha256(key, "what do ya want for nothing?", 28, out);
	is_str(hex(out, sizeof(out)), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
	    "HMAC-SHA-256, RFC 4231 4.3");
}

static void
test_hkdf(void)
{
	unsigned char ikm[22], salt[13], info[11], out[CRYPTO_KEY_LEN];
	size_t n = unhex("000102030405060708090a0b0c", salt);

	memset(ikm, 0x0b, sizeof(ikm));
	info[unhex("f0f1f2f3f4f5f6f7f8f9", info)] = '\0';
	crypto_hkdf_sha256(ikm, sizeof(ikm), salt, n, (const char *)info, out);
	is_str(hex(out, sizeof(out)), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
	    "HKDF-SHA-256, RFC 5869 A.1");
	crypto_hkdf_sha256(ikm, sizeof(ikm), "", 0, "", out);
	is_str(hex(out, sizeof(out)), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d",
	    "HKDF-SHA-256 without salt and info, RFC 5869 A.3");
}

static void
test_gcm(void)
{
	/* The GCM specification's test case 16. */
	static const char want[] =
	    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e63"
	    "93ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b";
	unsigned char key[32], nonce[12], aad[20], plain[60], sealed[76], opened[60];
	size_t i, len, aad_len;
	bool any = false;

	unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", key);
	unhex("cafebabefacedbaddecaf888", nonce);
	aad_len = unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2", aad);
	len = unhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
	    "b16aedf5aa0de657ba637b39", plain);
	crypto_seal(key, nonce, aad, aad_len, plain, len, sealed);
	is_str(hex(sealed, sizeof(sealed)), want, "AES-256-GCM seals as the specification says");
	ok(crypto_open(key, nonce, aad, aad_len, sealed, sizeof(sealed), opened) && memcmp(opened, plain, len) == 0,
	    "and opens to the same");
	for (i = 0; i < sizeof(sealed); i++) {
		sealed[i] ^= 1;
		any |= crypto_open(key, nonce, aad, aad_len, sealed, sizeof(sealed), opened);
		sealed[i] ^= 1;
	}
	ok(!any, "no changed byte goes unnoticed");
	for (i = 0; i < len && opened[i] == 0; i++)
		;
	is_int((int64_t)i, (int64_t)len, "what was not sealed by us is wiped");
	ok(!crypto_open(key, nonce, aad, aad_len - 1, sealed, sizeof(sealed), opened), "other associated data does not open");
	ok(!crypto_open(key, nonce, aad, aad_len, sealed, CRYPTO_TAG_LEN - 1, opened), "less than a tag does not open");
}

static void
test_base64(void)
{
	static const char *const cases[][2] = {	/* RFC 4648 10, without padding */
		{ "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy" }, { "\xfb\xff\xfe", "-__-" },
	};
	static const char *const bad[] = { "Z", "Zg==", "Zm9v ", "Zm\n9v", "Zm+v", "Zm/v", "Zh", "Zm9vY", "Zm9=", "\x0bZm9v" };
	unsigned char *back;
	size_t i, len;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		is_str(crypto_b64url(&arena, cases[i][0], strlen(cases[i][0])), cases[i][1], "base64url of %zu bytes",
		    strlen(cases[i][0]));
		back = crypto_b64url_decode(&arena, cases[i][1], strlen(cases[i][1]), &len);
		ok(back != NULL && len == strlen(cases[i][0]) && memcmp(back, cases[i][0], len) == 0, "and back");
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(crypto_b64url_decode(&arena, bad[i], strlen(bad[i]), &len) == NULL, "malformed base64url %zu is refused", i);
	ok(crypto_b64url_decode(&arena, "Zm\0v", 4, &len) == NULL, "so is one with a NUL in it");
	is_str(crypto_b64(&arena, "\xfb\xff\xfe!", 4), "+//+IQ==", "base64 has its own alphabet and padding");
}

static void
test_compare(void)
{
	unsigned char a[32], b[32];

	ok(crypto_equal("abc", "abd", 2) && !crypto_equal("abc", "abd", 3), "bytes are equal or not");
	ok(crypto_equal_text("abc", "abc") && !crypto_equal_text("abc", "abcd") && !crypto_equal_text("", "a"),
	    "texts of other lengths are not equal");
	crypto_random(a, sizeof(a));
	crypto_random(b, sizeof(b));
	ok(!crypto_equal(a, b, sizeof(a)), "random bytes do not come twice");
}

static void
put_file(const char *text, mode_t mode)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || fchmod(fd, mode) != 0)
		abort();
	close(fd);
}

static struct keyring *
open_ring(void)
{
	struct keyring *k;

	if (keyring_open(path, &k) != ERR_OK)
		abort();
	logged[0] = '\0';
	log_lines = 0;
	return k;
}

static int
files_in_dir(void)
{
	struct dirent *d;
	int n = 0;
	DIR *open_dir = opendir(dir);

	while (open_dir != NULL && (d = readdir(open_dir)) != NULL)
		n += d->d_name[0] != '.';
	closedir(open_dir);
	return n;
}

static void
test_key_is_made(void)
{
	struct keyring *k;
	const char *id = NULL;
	struct stat st;

	unlink(path);
	k = open_ring();
	ok(access(path, F_OK) != 0, "opening a key ring makes no file");
	is_int(keyring_load(k), ERR_OK, "the first use does");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600, "for its owner only");
	ok(keyring_current_id(k, &id) == ERR_OK && strlen(id) == 9 && id[0] == 'k', "the key has an id");
	is_int(log_lines, 0, "nothing is logged");
	is_int(files_in_dir(), 1, "and nothing else is left there");
	keyring_close(k);
	keyring_close(NULL);
}

/* One of many that start at once: tells which key it has. */
static void
make_at_once(int gate, int out)
{
	struct keyring *k = open_ring();
	unsigned char digest[CRYPTO_HASH_LEN];
	char c;

	log_set_sink(NULL);
	if (read(gate, &c, 1) < 0 || keyring_derive(k, "", "test", "x", 1, digest) != ERR_OK)
		_exit(1);
	_exit(write(out, digest, sizeof(digest)) == sizeof(digest) ? 0 : 1);
}

static void
test_makers(void)
{
	unsigned char first[CRYPTO_HASH_LEN], digest[CRYPTO_HASH_LEN];
	int gate[2], out[2], i, status, round, same, failed;

	for (round = 0; round < 10; round++) {
		unlink(path);
		if (pipe(gate) != 0 || pipe(out) != 0)
			abort();
		for (i = 0; i < MAKERS; i++) {
			if (fork() == 0) {
				close(gate[1]);
				make_at_once(gate[0], out[1]);
			}
		}
		close(gate[0]);
		close(gate[1]);	/* all of them read the end of the pipe, now */
		close(out[1]);
		for (i = 0, failed = 0; i < MAKERS; i++)
			failed += wait(&status) < 0 || status != 0;
		for (i = 0, same = 0; read(out[0], digest, sizeof(digest)) == sizeof(digest); i++) {
			if (i == 0)
				memcpy(first, digest, sizeof(first));
			same += memcmp(first, digest, sizeof(first)) == 0;
		}
		close(out[0]);
		if (failed != 0 || same != MAKERS || files_in_dir() != 1)
			break;
	}
	is_int(round, 10, "sixteen processes that make the key file at once have one key, ten times over");
}

static void
test_bad_files(void)
{
	static const struct { const char *name, *text; mode_t mode; } cases[] = {
		{ "a file that the group can read", "k1 " KEY_A "\n", 0640 },
		{ "one that others can read", "k1 " KEY_A "\n", 0604 },
		{ "one that others can write", "k1 " KEY_A "\n", 0602 },
		{ "an empty file", "", 0600 },
		{ "only a comment", "# nothing\n", 0600 },
		{ "a key without an id", KEY_A "\n", 0600 },
		{ "an id without a key", "k1\n", 0600 },
		{ "a short key", "k1 AAECAw\n", 0600 },
		{ "a long key", "k1 " KEY_A "AAAA\n", 0600 },
		{ "a key that is not base64url", "k1 !!" KEY_A "\n", 0600 },
		{ "an id with a strange character", "k/1 " KEY_A "\n", 0600 },
		{ "an id that is too long", "k1234567890123456 " KEY_A "\n", 0600 },
		{ "two keys of one id", "k1 " KEY_A "\nk1 " KEY_B "\n", 0600 },
		{ "a good key before a bad line", "k1 " KEY_A "\nnonsense\n", 0600 },
	};
	struct keyring *k;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put_file(cases[i].text, cases[i].mode);
		k = open_ring();
		is_int(keyring_load(k), ERR_CONFIG, "%s is refused", cases[i].name);
		ok(log_lines == 1 && strstr(logged, path) != NULL && strstr(logged, "AAECAw") == NULL,
		    "%s: one log line names the file, and shows no key", cases[i].name);
		is_int(keyring_load(k), ERR_CONFIG, "%s: so it is the second time", cases[i].name);
		keyring_close(k);
	}
}

static void
test_bad_places(void)
{
	char other[160];
	struct keyring *k;

	snprintf(other, sizeof(other), "%s.other", path);
	put_file("k1 " KEY_A "\n", 0600);
	if (rename(path, other) != 0 || symlink(other, path) != 0)
		abort();
	k = open_ring();
	is_int(keyring_load(k), ERR_CONFIG, "a symbolic link is refused");
	ok(log_lines == 1, "and logged");
	keyring_close(k);
	unlink(path);
	unlink(other);

	if (mkdir(path, 0700) != 0)
		abort();
	k = open_ring();
	is_int(keyring_load(k), ERR_CONFIG, "a directory is refused");
	keyring_close(k);
	rmdir(path);

	if (mkfifo(path, 0600) != 0)
		abort();
	k = open_ring();
	is_int(keyring_load(k), ERR_CONFIG, "a pipe is refused, and not waited for");
	keyring_close(k);
	unlink(path);

	if (geteuid() == 0) {	/* nobody else can give a file away */
		put_file("k1 " KEY_A "\n", 0600);
		if (chown(path, 12345, (gid_t)-1) != 0)
			abort();
		k = open_ring();
		is_int(keyring_load(k), ERR_CONFIG, "another user's file is refused");
		keyring_close(k);
	}
	unlink(path);
}

static void
test_missing_directory(void)
{
	struct keyring *k;

	if (keyring_open("/nonexistent/oscgi/key", &k) != ERR_OK)
		abort();
	log_lines = 0;
	is_int(keyring_load(k), ERR_CONFIG, "where there is no directory, no key can be made");
	is_int(log_lines, 1, "which is logged");
	keyring_close(k);
}

struct blob {
	unsigned char *data;
	size_t         len;
};

static struct blob
seal(struct keyring *k, const char *plain)
{
	struct blob b = { NULL, 0 };

	if (keyring_seal(k, &(struct seal){ "session", "s:name", "cookie" }, plain, strlen(plain), &arena, &b.data,
	    &b.len) != ERR_OK)
		abort();
	return b;
}

static enum err
unseal(struct keyring *k, const char *kind, const char *name, const char *salt, struct blob b, const char **why)
{
	unsigned char *out;
	size_t len;

	*why = NULL;
	return keyring_unseal(k, &(struct seal){ kind, name, salt }, b.data, b.len, &arena, &out, &len, why);
}

static void
test_seal(void)
{
	struct keyring *k;
	struct blob b, again;
	unsigned char *out;
	const char *why;
	size_t len, i;
	int opened = 0, silent = 0;

	put_file("# two keys\n\nk1 " KEY_A "\nk2 " KEY_B "\n", 0600);
	k = open_ring();
	b = seal(k, "attack at dawn");
	is_int(keyring_unseal(k, &(struct seal){ "session", "s:name", "cookie" }, b.data, b.len, &arena, &out, &len, NULL),
	    ERR_OK, "what was sealed opens");
	ok(len == 14 && memcmp(out, "attack at dawn", len) == 0, "and is the same");
	ok(memmem(b.data, b.len, "attack", 6) == NULL, "the text is not to be seen");
	again = seal(k, "attack at dawn");
	ok(again.len == b.len && memcmp(again.data, b.data, b.len) != 0, "sealing it again gives other bytes");
	is_int(unseal(k, "session", "s:other", "cookie", b, &why), ERR_NOT_FOUND, "under another name it does not open");
	ok(why != NULL, "and a log line can say why");
	is_int(unseal(k, "aside", "s:name", "cookie", b, &why), ERR_NOT_FOUND, "as another kind neither");
	is_int(unseal(k, "session", "s:name", "cookiE", b, &why), ERR_NOT_FOUND, "with another cookie neither");
	is_int(unseal(k, "session", "s:name", "", b, &why), ERR_NOT_FOUND, "without one neither");
	for (i = 0; i < b.len; i++) {
		b.data[i] ^= 1;
		opened += unseal(k, "session", "s:name", "cookie", b, &why) != ERR_NOT_FOUND;
		silent += why == NULL;
		b.data[i] ^= 1;
	}
	is_int(opened, 0, "no changed byte goes unnoticed");
	again = b;
	for (again.len = 0; again.len < b.len; again.len++) {
		opened += unseal(k, "session", "s:name", "cookie", again, &why) != ERR_NOT_FOUND;
		silent += why == NULL;
	}
	is_int(opened, 0, "nor does a cut");
	is_int(silent, 0, "each with a reason");
	b = seal(k, "");
	is_int(unseal(k, "session", "s:name", "cookie", b, &why), ERR_OK, "nothing can be sealed too");
	keyring_close(k);
}

static void
test_rotation(void)
{
	struct keyring *k;
	struct blob old, new;
	const char *why, *id;

	put_file("k1 " KEY_A "\n", 0600);
	k = open_ring();
	old = seal(k, "old");
	keyring_close(k);
	put_file("k2 " KEY_B "\nk1 " KEY_A "\n", 0600);
	k = open_ring();
	ok(keyring_current_id(k, &id) == ERR_OK && strcmp(id, "k2") == 0, "the first key seals");
	is_int(unseal(k, "session", "s:name", "cookie", old, &why), ERR_OK, "what the second sealed still opens");
	new = seal(k, "new");
	keyring_close(k);
	put_file("k1 " KEY_A "\n", 0600);
	k = open_ring();
	is_int(unseal(k, "session", "s:name", "cookie", new, &why), ERR_NOT_FOUND, "without its key it does not open");
	ok(why != NULL && strstr(why, "KEY_FILE") != NULL, "and the reason is the key");
	keyring_close(k);
	put_file("k2 " KEY_A "\n", 0600);
	k = open_ring();
	is_int(unseal(k, "session", "s:name", "cookie", new, &why), ERR_NOT_FOUND, "another key of its id does not open it");
	keyring_close(k);
}

/* Changes as the command rotate-key makes them. */
static void
test_change(void)
{
	char one[KEY_ID_MAX + 1], two[KEY_ID_MAX + 1], id[KEY_ID_MAX + 1];
	struct keyring *k;
	struct key_file f;
	struct blob old;
	const char *why;

	put_file("k1 " KEY_A "\n", 0600);
	k = open_ring();
	old = seal(k, "old");
	ok(keyring_sealed_by(old.data, old.len, id) && strcmp(id, "k1") == 0, "a blob says which key sealed it");
	ok(!keyring_sealed_by("", 0, id) && !keyring_sealed_by("\001\377", 2, id), "what is no blob does not");
	is_int(key_file_change(path, KEY_ROTATE, "", one), ERR_OK, "a new key");
	is_int(key_file_change(path, KEY_PREPARE, "", two), ERR_OK, "and one that only opens");
	memset(&f, 0xa5, sizeof(f));	/* as memory may be */
	is_int(key_file_read(path, &f), ERR_OK, "read");
	is_int((int)f.n, 3, "three");
	is_str(f.keys[0].id, one, "the new one first");
	is_str(f.keys[1].id, "k1", "then the old one");
	is_str(f.keys[2].id, two, "the prepared one last");
	is_int(key_file_change(path, KEY_USE, two, id), ERR_OK, "it is put to use");
	is_int(key_file_change(path, KEY_DROP, two, id), ERR_CONFLICT, "the key that seals cannot go");
	is_int(key_file_change(path, KEY_DROP, "nobody", id), ERR_NOT_FOUND, "nor can one that is not there");
	is_int(unseal(k, "session", "s:name", "cookie", old, &why), ERR_OK, "what the old one sealed opens all the while");
	is_int(key_file_change(path, KEY_DROP, "k1", id), ERR_OK, "until that one goes");
	keyring_close(k);
	k = open_ring();
	is_int(unseal(k, "session", "s:name", "cookie", old, &why), ERR_NOT_FOUND, "then not");
	keyring_close(k);
	while (key_file_change(path, KEY_ROTATE, "", id) == ERR_OK)
		;
	is_int(key_file_read(path, &f), ERR_OK, "a full file is read");
	is_int((int)f.n, KEY_FILE_KEYS_MAX, "with as many keys as there may be");
}

static void
test_derive(void)
{
	unsigned char a[CRYPTO_HASH_LEN], b[CRYPTO_HASH_LEN];
	struct keyring *k;

	put_file("k1 " KEY_A "\nk2 " KEY_B "\n", 0600);
	k = open_ring();
	ok(keyring_derive(k, "", "verifier", "data", 4, a) == ERR_OK && keyring_derive(k, "k1", "verifier", "data", 4, b) ==
	    ERR_OK && memcmp(a, b, sizeof(a)) == 0, "a value derived again, by the key's id, is the same");
	ok(keyring_derive(k, "k2", "verifier", "data", 4, b) == ERR_OK && memcmp(a, b, sizeof(a)) != 0,
	    "under another key it is another");
	ok(keyring_derive(k, "", "state", "data", 4, b) == ERR_OK && memcmp(a, b, sizeof(a)) != 0,
	    "for another purpose too");
	ok(keyring_derive(k, "", "verifier", "date", 4, b) == ERR_OK && memcmp(a, b, sizeof(a)) != 0,
	    "of other data too");
	is_int(keyring_derive(k, "k3", "verifier", "data", 4, b), ERR_NOT_FOUND, "an unknown id has none");
	keyring_close(k);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%.40s/oscgi-key.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		skip_all("no directory for temporary files");
	snprintf(path, sizeof(path), "%s/key", dir);
	arena_init(&arena, 4 * 1024 * 1024);
	log_set_sink(keep_line);
	test_hash();
	test_text();
	test_hmac();
	test_hkdf();
	test_gcm();
	test_base64();
	test_compare();
	test_key_is_made();
	test_makers();
	test_bad_files();
	test_bad_places();
	test_missing_directory();
	test_seal();
	test_rotation();
	test_change();
	test_derive();
	unlink(path);
	rmdir(dir);
	arena_free(&arena);
	return done_testing();
}
