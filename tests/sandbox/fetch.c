/* SPDX-License-Identifier: MIT */
#include "fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 5000L
#define BODY_MAX 1048576

struct answer {
	char *text;
	size_t len;
};

bool
fetch_init(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

void
fetch_end(void)
{
	curl_global_cleanup();
}

static size_t
on_data(char *data, size_t size, size_t count, void *cls)
{
	struct answer *answer = cls;

	(void)size;
	if (answer->len + count > BODY_MAX)
		return 0;
	answer->text = mem_grow(answer->text, answer->len + count + 1);
	memcpy(answer->text + answer->len, data, count);
	answer->len += count;
	answer->text[answer->len] = '\0';
	return count;
}

long
fetch(const struct fetch *request, struct pool *pool, const char **body)
{
	struct answer answer = { mem_strdup(""), 0 };
	struct curl_slist *headers = NULL;
	CURL *curl = curl_easy_init();
	long status = 0;

	if (request->json != NULL)
		headers = curl_slist_append(headers, "Content-Type: application/json");
	if (request->header != NULL)
		headers = curl_slist_append(headers, request->header);
	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (request->json != NULL)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->json);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	if (body != NULL)
		*body = pool_adopt(pool, answer.text);
	else
		free(answer.text);
	return status;
}
