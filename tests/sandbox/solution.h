/* SPDX-License-Identifier: MIT */
/* The Terraform examples that the sandbox knows: what each asks for, makes and puts out. */
#ifndef SANDBOX_SOLUTION_H
#define SANDBOX_SOLUTION_H

#include <stdbool.h>

#define SOLUTION_PARTS_MAX 6

struct solution_variable {
	const char *name;	/* NULL ends a list */
	const char *preset;	/* NULL: must be given */
	bool sensitive;
};

/*
 * Values are templates: ${var:NAME} a variable, ${url:N} and ${host:N} of the
 * instance of part N, ${tcp:N} the address of its first port, ${secret:N:OPTION}
 * what was kept as that option of part N, ${random} a fresh password.
 */
struct solution_option {
	const char *name;	/* NULL ends a list */
	const char *value;
	bool secret;		/* kept as a secret; the instance gets the placeholder */
};

struct solution_part {
	const char *service_id;	/* NULL ends a list */
	const struct solution_option *options;
};

struct solution {
	const char *example;	/* last part of the repository's path; NULL ends the list */
	const char *name;	/* the variable that names the instances */
	const struct solution_variable *variables;
	const struct solution_part *parts;
	const struct solution_option *outputs;
};

/* The example that a repository's URL names.  NULL: no Terraform files there. */
const struct solution *solution_find(const char *repo_url);

#endif
