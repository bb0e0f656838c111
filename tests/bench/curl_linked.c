/* SPDX-License-Identifier: MIT */
/*
 * curl_linked - links libcurl, makes it ready, and answers: what any plain CGI
 * program costs that talks upstream in the usual way.
 */
#include <curl/curl.h>
#include <stdio.h>

int
main(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return 1;
	fputs("Status: 200\r\nContent-Type: application/json\r\n\r\n{\"signedIn\":false}", stdout);
	curl_global_cleanup();
	return 0;
}
