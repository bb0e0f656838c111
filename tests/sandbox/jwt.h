/* SPDX-License-Identifier: MIT */
/* A JSON Web Token signed with HS256.				RFC 7519, RFC 7515 */
#ifndef SANDBOX_JWT_H
#define SANDBOX_JWT_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "mem.h"

#define JWT_KEY_SIZE 32

/* claims: borrowed. */
char *jwt_sign(struct pool *pool, const uint8_t key[JWT_KEY_SIZE], const cJSON *claims);

#endif
