/* SPDX-License-Identifier: MIT */
#include "solution.h"

#include <string.h>

#define COMMON { "osc_pat", "", true }, { "osc_environment", "prod", false }, { NULL, NULL, false }

static const struct solution_variable intercom_variables[] = {
	{ "intercom_name", NULL, false }, { "db_name", "intercom", false }, COMMON
};
static const struct solution_option sfu[] = { { "ApiKey", "${random}", true }, { 0 } };
static const struct solution_option couchdb[] = { { "AdminPassword", "${random}", true }, { 0 } };
static const struct solution_option manager[] = {
	{ "smbUrl", "${url:0}", false },
	{ "smbApiKey", "${secret:0:ApiKey}", true },
	{ "dbUrl", "http://admin:${secret:1:AdminPassword}@${host:1}/${var:db_name}", true },
	{ 0 }
};
static const struct solution_part intercom_parts[] = {
	{ "eyevinn-docker-wrtc-sfu", sfu }, { "apache-couchdb", couchdb }, { "eyevinn-intercom-manager", manager }, { 0 }
};
static const struct solution_option intercom_outputs[] = { { "Manager_instance_url", "${url:2}", false }, { 0 } };

static const struct solution_variable pipeline_variables[] = { { "name", "vodpipeline", false }, COMMON };
static const struct solution_option minio[] = {
	{ "RootUser", "admin", false }, { "RootPassword", "${random}", true }, { 0 }
};
static const struct solution_option valkey[] = { { "Password", "${random}", true }, { 0 } };
static const struct solution_option encore[] = {
	{ "s3Endpoint", "${url:0}", false }, { "s3Region", "us-east-1", false }, { "s3AccessKeyId", "admin", false },
	{ "s3SecretAccessKey", "${secret:0:RootPassword}", true }, { 0 }
};
static const struct solution_option listener[] = {
	{ "RedisUrl", "redis://default:${secret:1:Password}@${tcp:1}", true }, { "EncoreUrl", "${url:2}", false },
	{ "RedisQueue", "package", false }, { 0 }
};
static const struct solution_option packager[] = {
	{ "RedisUrl", "redis://default:${secret:1:Password}@${tcp:1}", true }, { "RedisQueue", "package", false },
	{ "OutputFolder", "s3://output/packaged/", false }, { "PersonalAccessToken", "${var:osc_pat}", true },
	{ "AwsAccessKeyId", "admin", false }, { "AwsSecretAccessKey", "${secret:0:RootPassword}", true },
	{ "S3EndpointUrl", "${url:0}", false }, { 0 }
};
static const struct solution_part pipeline_parts[] = {
	{ "minio-minio", minio }, { "valkey-io-valkey", valkey }, { "encore", encore },
	{ "eyevinn-encore-callback-listener", listener }, { "eyevinn-encore-packager", packager }, { 0 }
};
static const struct solution_option pipeline_outputs[] = {
	{ "minio_instance_url", "${url:0}", false }, { "encore_instance_url", "${url:2}", false },
	{ "encore_callback_url", "${url:3}/encoreCallback", false },
	{ "minio_password", "${secret:0:RootPassword}", true }, { 0 }
};

static const struct solution_variable store_variables[] = { { "name", "paramstore", false }, COMMON };
static const struct solution_option config_service[] = {
	{ "RedisUrl", "redis://default:${secret:0:Password}@${tcp:0}", true }, { 0 }
};
static const struct solution_part store_parts[] = {
	{ "valkey-io-valkey", valkey }, { "eyevinn-app-config-svc", config_service }, { 0 }
};
static const struct solution_option store_outputs[] = { { "paramstore_url", "${url:1}", false }, { 0 } };

static const struct solution_variable site_variables[] = { { "name", "wordpress", false }, COMMON };
static const struct solution_option mariadb[] = {
	{ "RootPassword", "${random}", true }, { "Database", "wordpress", false }, { 0 }
};
static const struct solution_option nothing[] = { { 0 } };
static const struct solution_part site_parts[] = {
	{ "linuxserver-docker-mariadb", mariadb }, { "wordpress-wordpress", nothing }, { 0 }
};
static const struct solution_option site_outputs[] = { { "wordpress_url", "${url:1}", false }, { 0 } };

static const struct solution solutions[] = {
	{ "intercom", "intercom_name", intercom_variables, intercom_parts, intercom_outputs },
	{ "vod-pipeline", "name", pipeline_variables, pipeline_parts, pipeline_outputs },
	{ "paramstore", "name", store_variables, store_parts, store_outputs },
	{ "wordpress", "name", site_variables, site_parts, site_outputs },
	{ 0 }
};

const struct solution *
solution_find(const char *repo_url)
{
	const struct solution *solution;
	size_t len = strlen(repo_url), end;

	while (len > 0 && repo_url[len - 1] == '/')
		len--;
	for (solution = solutions; solution->example != NULL; solution++) {
		end = strlen(solution->example);
		if (len > end && repo_url[len - end - 1] == '/' &&
		    strncmp(repo_url + len - end, solution->example, end) == 0)
			return solution;
	}
	return NULL;
}
