/* SPDX-License-Identifier: MIT */
/*
 * empty - the least that libfcgi can do: the peer that the suite's figures are
 * put beside.  FastCGI and plain CGI alike.
 */
#include <fcgiapp.h>
#include <stdio.h>

static const char answer[] = "Status: 200\r\nContent-Type: application/json\r\n\r\n{\"signedIn\":false}";

int
main(void)
{
	FCGX_Request rq;

	if (FCGX_IsCGI())
		return fwrite(answer, 1, sizeof(answer) - 1, stdout) == sizeof(answer) - 1 ? 0 : 1;
	if (FCGX_Init() != 0 || FCGX_InitRequest(&rq, 0, 0) != 0)
		return 1;
	while (FCGX_Accept_r(&rq) >= 0) {
		FCGX_PutStr(answer, sizeof(answer) - 1, rq.out);
		FCGX_Finish_r(&rq);
	}
	return 0;
}
