/* SPDX-License-Identifier: MIT */
#include "jwt.h"

#include <nettle/hmac.h>
#include <string.h>

#include "encode.h"

char *
jwt_sign(struct pool *pool, const uint8_t key[JWT_KEY_SIZE], const cJSON *claims)
{
	static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
	char *payload = pool_adopt(pool, cJSON_PrintUnformatted(claims));
	char *signing = pool_printf(pool, "%s.%s", base64url(pool, header, strlen(header)),
	    base64url(pool, payload, strlen(payload)));
	uint8_t mac[SHA256_DIGEST_SIZE];
	struct hmac_sha256_ctx ctx;

	hmac_sha256_set_key(&ctx, JWT_KEY_SIZE, key);
	hmac_sha256_update(&ctx, strlen(signing), (const uint8_t *)signing);
	hmac_sha256_digest(&ctx, sizeof(mac), mac);
	return pool_printf(pool, "%s.%s", signing, base64url(pool, mac, sizeof(mac)));
}
