/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_HTTP_CURL_LIB_H
#define OSCGI_HTTP_CURL_LIB_H

#define CURL_DISABLE_TYPECHECK	/* its checks are macros around the functions' names */
#include <curl/curl.h>

/* libcurl as a table of functions, so that it is loaded only by processes that go upstream. */
#define CURL_LIB_FUNCTIONS(X)      \
	X(curl_global_init)        \
	X(curl_free)               \
	X(curl_getdate)            \
	X(curl_easy_init)          \
	X(curl_easy_cleanup)       \
	X(curl_easy_setopt)        \
	X(curl_easy_getinfo)       \
	X(curl_easy_strerror)      \
	X(curl_multi_init)         \
	X(curl_multi_cleanup)      \
	X(curl_multi_setopt)       \
	X(curl_multi_add_handle)   \
	X(curl_multi_remove_handle) \
	X(curl_multi_perform)      \
	X(curl_multi_poll)         \
	X(curl_multi_info_read)    \
	X(curl_slist_append)       \
	X(curl_slist_free_all)     \
	X(curl_url)                \
	X(curl_url_cleanup)        \
	X(curl_url_set)            \
	X(curl_url_get)

struct curl_lib {
#define CURL_LIB_MEMBER(name) __typeof__(&name) name;
	CURL_LIB_FUNCTIONS(CURL_LIB_MEMBER)
#undef CURL_LIB_MEMBER
};

/* Borrowed, for the life of the process; NULL when it is not installed (logged). */
const struct curl_lib *curl_lib_load(void);

#endif
