/* SPDX-License-Identifier: MIT */
#include "services.h"

#include <string.h>

#include "option.h"

#define REQUIRED OPTION_REQUIRED
#define SENSITIVE OPTION_SENSITIVE

/* A plain text option. */
#define STRING(option, option_flags) { .name = option, .flags = option_flags }

static const struct service_option none[] = { { 0 } };

static const struct service_option minio[] = {
	{ .name = "RootUser", .description = "Choose an admin user name" },
	{ .name = "RootPassword", .flags = SENSITIVE, .pattern = PATTERN_PASSWORD,
	    .description = "Lower and upper case and a digit, ten characters or more" },
	{ 0 }
};

static const struct service_option encore[] = {
	{ .name = "profilesUrl", .pattern = PATTERN_HTTP, .description = "URL to an index of encoding profiles" },
	STRING("s3AccessKeyId", SENSITIVE),
	STRING("s3SecretAccessKey", SENSITIVE),
	STRING("s3SessionToken", SENSITIVE),
	STRING("s3Region", 0),
	{ .name = "s3Endpoint", .pattern = PATTERN_HTTP, .association = "minio-minio" },
	{ 0 }
};

static const struct service_option valkey[] = { STRING("Password", 0), { 0 } };

static const struct service_option callback_listener[] = {
	{ .name = "RedisUrl", .flags = REQUIRED, .association = "valkey-io-valkey" },
	{ .name = "EncoreUrl", .flags = REQUIRED, .pattern = PATTERN_HTTP, .association = "encore",
	    .description = "URL to the Encore instance, without a slash at its end" },
	STRING("RedisQueue", 0),
	{ 0 }
};

static const struct service_option packager[] = {
	{ .name = "RedisUrl", .flags = REQUIRED, .association = "valkey-io-valkey" },
	{ .name = "RedisQueue", .preset = "packaging-queue" },
	{ .name = "OutputFolder", .flags = REQUIRED, .pattern = PATTERN_S3, .description = "s3://bucket/folder/" },
	{ .name = "Concurrency", .pattern = PATTERN_DIGITS, .preset = "1" },
	STRING("PersonalAccessToken", REQUIRED),
	STRING("AwsAccessKeyId", REQUIRED),
	STRING("AwsSecretAccessKey", REQUIRED),
	STRING("AwsRegion", 0),
	STRING("AwsSessionToken", 0),
	{ .name = "S3EndpointUrl", .association = "minio-minio" },
	{ .name = "OutputSubfolderTemplate", .preset = "$INPUTNAME$/$JOBID$" },
	{ .name = "SkipPackaging", .type = OPTION_BOOLEAN, .preset = "false" },
	{ .name = "CallbackUrl", .pattern = PATTERN_HTTP },
	{ 0 }
};

static const struct service_option transfer[] = {
	{ .name = "RedisUrl", .flags = REQUIRED, .association = "valkey-io-valkey" },
	STRING("RedisQueue", 0),
	{ .name = "Output", .flags = REQUIRED, .pattern = PATTERN_S3 },
	STRING("OscAccessToken", REQUIRED),
	{ .name = "AwsAccessKeyIdSecret", .description = "Name of the secret that holds it" },
	{ .name = "AwsSecretAccessKeySecret", .description = "Name of the secret that holds it" },
	{ 0 }
};

static const struct service_option profile_server[] = {
	{ .name = "s3Endpoint", .association = "minio-minio" },
	STRING("s3Region", 0),
	STRING("s3AccessKey", 0),
	STRING("s3SecretKey", 0),
	STRING("s3Bucket", 0),
	STRING("s3Prefix", 0),
	STRING("anthropicApiKey", 0),
	STRING("anthropicModel", 0),
	{ 0 }
};

static const struct service_option ffmpeg[] = {
	{ .name = "cmdLineArgs", .flags = REQUIRED, .description = "What follows the word ffmpeg" },
	STRING("awsAccessKeyId", 0),
	STRING("awsSecretAccessKey", 0),
	STRING("awsSessionToken", 0),
	STRING("awsRegion", 0),
	{ .name = "s3EndpointUrl", .association = "minio-minio" },
	{ 0 }
};

static const struct service_option sfu[] = { STRING("ApiKey", REQUIRED | SENSITIVE), { 0 } };

static const struct service_option couchdb[] = {
	{ .name = "AdminPassword", .flags = REQUIRED | SENSITIVE, .description = "Password of the user admin" },
	{ 0 }
};

static const struct service_option intercom[] = {
	{ .name = "smbUrl", .flags = REQUIRED, .pattern = PATTERN_HTTP, .association = "eyevinn-docker-wrtc-sfu" },
	STRING("smbApiKey", REQUIRED | SENSITIVE),
	{ .name = "dbUrl", .flags = REQUIRED | SENSITIVE, .pattern = PATTERN_HTTP, .association = "apache-couchdb" },
	STRING("oscAccessToken", SENSITIVE),
	STRING("whipAuthKey", SENSITIVE),
	STRING("iceServers", 0),
	{ 0 }
};

static const struct service_option adserver[] = { { .name = "MrssOrigin", .pattern = PATTERN_HTTP }, { 0 } };

static const struct service_option postgresql[] = {
	STRING("PostgresPassword", REQUIRED),
	STRING("PostgresUser", 0),
	STRING("PostgresDb", 0),
	STRING("PostgresInitDbArgs", 0),
	STRING("PostgresInitDbSql", 0),
	{ .name = "publicAccess", .type = OPTION_BOOLEAN, .preset = "true" },
	{ 0 }
};

static const struct service_option mariadb[] = {
	STRING("RootPassword", REQUIRED),
	STRING("Database", 0),
	STRING("User", 0),
	STRING("Password", 0),
	{ .name = "publicAccess", .type = OPTION_BOOLEAN, .preset = "true" },
	{ 0 }
};

static const struct service_option clickhouse[] = { STRING("Db", 0), STRING("User", 0), STRING("Password", 0), { 0 } };

static const struct service_option app_config[] = {
	{ .name = "RedisUrl", .flags = REQUIRED, .association = "valkey-io-valkey" },
	{ 0 }
};

/* Every type of option in one form. */
static const struct service_option channel_engine[] = {
	{ .name = "type", .type = OPTION_ENUM, .flags = REQUIRED, .enums = "Loop Playlist WebHook Barker",
	    .description = "How the channel finds what to play" },
	{ .name = "url", .flags = REQUIRED, .pattern = PATTERN_HTTP, .description = "VOD, playlist or web hook" },
	{ .name = "useDemuxedAudio", .type = OPTION_BOOLEAN, .preset = "false" },
	{ .name = "useVttSubtitles", .type = OPTION_BOOLEAN, .preset = "false" },
	{ .name = "audioTracks", .type = OPTION_LIST, .description = "Languages, one each" },
	{ .name = "defaultSlateUri", .pattern = PATTERN_HTTP },
	{ 0 }
};

static const struct service_option live_encoding[] = {
	{ .name = "HlsOnly", .type = OPTION_BOOLEAN, .preset = "true" },
	STRING("StreamKey", SENSITIVE),
	{ .name = "OutputUrl", .pattern = PATTERN_HTTP },
	{ 0 }
};

#define INSTANCE (SERVICE_PATCH | SERVICE_RESTART)
#define APP (INSTANCE | SERVICE_HTTP)

const struct service services[] = {
	{ "minio-minio", "minioinstance", APP | SERVICE_CONSOLE, 0, "objstorage", "storage",
	    "S3 compatible object storage", minio },
	{ "encore", "encoreinstance", SERVICE_RESTART | SERVICE_HTTP | SERVICE_WALL, 0, "transcoder", "media",
	    "Video transcoding with FFmpeg", encore },
	{ "valkey-io-valkey", "valkeyinstance", INSTANCE | SERVICE_NODEPORTS, 6379, "store", "database",
	    "Key and value store", valkey },
	{ "eyevinn-encore-callback-listener", "encore-callback-listenerinstance", APP | SERVICE_WALL, 0, "listener",
	    "media", "Listens to the callbacks of Encore", callback_listener },
	{ "eyevinn-encore-packager", "encore-packagerinstance", APP | SERVICE_WALL, 0, "packager", "media",
	    "Packages what Encore has made", packager },
	{ "eyevinn-encore-transfer", "encore-transferinstance", SERVICE_HTTP | SERVICE_WALL, 0, "transfer", "media",
	    "Moves what Encore has made", transfer },
	{ "grusell-encore-profile-server", "encore-profile-serverinstance", APP, 0, "server", "media",
	    "Serves encoding profiles", profile_server },
	{ "eyevinn-ffmpeg-s3", "ffmpeg-s3job", SERVICE_JOB, 0, "job", "media", "FFmpeg on files in S3", ffmpeg },
	{ "eyevinn-docker-wrtc-sfu", "docker-wrtc-sfuinstance", APP | SERVICE_NODEPORTS, 0, "sfu", "media",
	    "WebRTC selective forwarding unit", sfu },
	{ "apache-couchdb", "couchdbinstance", APP | SERVICE_NODEPORTS, 5984, "database", "database",
	    "Document database", couchdb },
	{ "eyevinn-intercom-manager", "intercom-managerinstance", APP | SERVICE_WALL | SERVICE_CONSOLE, 0, "manager",
	    "media", "Open Intercom", intercom },
	{ "eyevinn-test-adserver", "test-adserverinstance", APP, 0, "adserver", "media", "Ad server for tests",
	    adserver },
	{ "eyevinn-tf-deployer", "tf-deployerinstance", APP | SERVICE_WALL, 0, "deployer", "development",
	    "Deploys OpenTofu solutions", none },

	{ "birme-osc-postgresql", "osc-postgresqlinstance", INSTANCE, 5432, "database", "database",
	    "Relational database", postgresql },
	{ "linuxserver-docker-mariadb", "docker-mariadbinstance", INSTANCE, 3306, "database", "database",
	    "Relational database", mariadb },
	{ "clickhouse-clickhouse", "clickhouseinstance", APP, 9000, "database", "database", "Analytics database",
	    clickhouse },
	{ "pgvector-pgvector", "pgvectorinstance", INSTANCE, 5432, "database", "database", "Vectors in PostgreSQL",
	    postgresql },
	{ "neo4j-docker-neo4j", "docker-neo4jinstance", APP, 7687, "database", "database", "Graph database", none },
	{ "meilisearch-meilisearch", "meilisearchinstance", APP, 0, "search", "database", "Search engine", none },
	{ "eyevinn-app-config-svc", "app-config-svcinstance", APP, 0, "service", "development",
	    "Configuration of applications", app_config },
	{ "channel-engine", "channel", APP, 0, "channel", "media", "Channels made of files", channel_engine },
	{ "eyevinn-live-encoding", "live-encodinginstance", APP | SERVICE_NODEPORTS, 1935, "encoder", "media",
	    "Live encoder", live_encoding },
	{ "eyevinn-auto-subtitles", "auto-subtitlesinstance", APP | SERVICE_WALL, 0, "service", "media",
	    "Subtitles by machine", none },
	{ "eyevinn-encore-ui", "encore-uiinstance", APP, 0, "page", "media", "A page for Encore", none },
	{ "eyevinn-web-runner", "web-runnerinstance", APP, 0, "application", "development", "Runs web applications",
	    none },
	{ "eyevinn-wasm-runner", "wasm-runnerinstance", APP, 0, "application", "development", "Runs WebAssembly", none },
	{ "eyevinn-smb-whip-bridge", "smb-whip-bridgeinstance", APP, 0, "bridge", "media", "WHIP into a conference",
	    none },
	{ "eyevinn-srt-whep", "srt-whepinstance", APP | SERVICE_NODEPORTS, 0, "bridge", "media", "SRT to WHEP", none },
	{ "wordpress-wordpress", "wordpressinstance", APP, 0, "site", "web", "Blog and site", none },
	{ "grafana-grafana", "grafanainstance", APP, 0, "dashboard", "analytics", "Dashboards", none },
	{ "n8n-io-n8n", "n8ninstance", APP, 0, "workflow", "development", "Workflow automation", none },
	{ "go-gitea-gitea", "giteainstance", APP, 0, "forge", "development", "Git forge", none },
	{ "nextcloud-server", "serverinstance", APP, 0, "cloud", "storage", "Files and calendars", none },
	{ "owncast-owncast", "owncastinstance", APP | SERVICE_NODEPORTS, 1935, "stream", "media", "Live streaming",
	    none },
	{ "umami-software-umami", "umamiinstance", APP, 0, "site", "analytics", "Web analytics", none },
	{ "eyevinn-shaka-packager-s3", "shaka-packager-s3job", SERVICE_JOB, 0, "job", "media", "Shaka packager on S3",
	    ffmpeg },
	{ "eyevinn-docker-retransfer", "docker-retransferjob", SERVICE_JOB, 0, "job", "storage",
	    "Copies files between buckets", ffmpeg },
	{ "eyevinn-easyvmaf-s3", "easyvmaf-s3job", SERVICE_JOB, 0, "job", "media", "Video quality", ffmpeg },
	{ "eyevinn-s3-sync", "s3-syncjob", SERVICE_JOB, 0, "job", "storage", "Synchronises buckets", ffmpeg },
	{ "eyevinn-db-backuper", "db-backuperjob", SERVICE_JOB, 0, "job", "database", "Backs up databases", ffmpeg },
	{ 0 }
};

const struct service *
service_find(const char *id)
{
	const struct service *service;

	for (service = services; service->id != NULL; service++)
		if (strcmp(service->id, id) == 0)
			return service;
	return NULL;
}

static cJSON *
metadata(const struct service *service)
{
	cJSON *object = cJSON_CreateObject(), *fee;
	bool ours = strncmp(service->id, "eyevinn", 7) == 0;
	const char *keywords[] = { service->noun, service->category };

	cJSON_AddStringToObject(object, "ownerTeamId", "eyevinn");
	cJSON_AddStringToObject(object, "companyName", ours ? "Eyevinn Technology AB" : "");
	cJSON_AddStringToObject(object, "title", service->id);
	cJSON_AddStringToObject(object, "description", service->description);
	cJSON_AddStringToObject(object, "documentationUrl", "https://docs.osaas.io/");
	cJSON_AddStringToObject(object, "repoUrl", "https://github.com/");
	cJSON_AddStringToObject(object, "imagePreviewUrl", "");
	cJSON_AddStringToObject(object, "instanceNoun", service->noun);
	cJSON_AddStringToObject(object, "indicativePricing", "");
	fee = cJSON_AddObjectToObject(object, "subscriptionFee");
	cJSON_AddStringToObject(fee, "currencyCode", "EUR");
	cJSON_AddNumberToObject(fee, "value", 0);
	cJSON_AddBoolToObject(object, "excludeFromFree", 0);
	cJSON_AddStringToObject(object, "category", service->category);
	cJSON_AddItemToObject(object, "keywords", cJSON_CreateStringArray(keywords, 2));
	return object;
}

cJSON *
service_record(const struct service *service, const char *api_url)
{
	cJSON *record = cJSON_CreateObject(), *options, *names, *associations;
	const struct service_option *option;

	cJSON_AddStringToObject(record, "serviceId", service->id);
	cJSON_AddStringToObject(record, "apiUrl", api_url);
	cJSON_AddStringToObject(record, "serviceType", (service->flags & SERVICE_JOB) != 0 ? "job" : "instance");
	cJSON_AddStringToObject(record, "status", "PUBLISHED");
	/* Who publishes the service, not who asks: seen on some records only. */
	if (strncmp(service->id, "eyevinn", 7) == 0)
		cJSON_AddStringToObject(record, "tenantId", "eyevinn");
	cJSON_AddItemToObject(record, "serviceMetadata", metadata(service));
	options = cJSON_AddArrayToObject(record, "serviceInstanceOptions");
	names = cJSON_CreateArray();
	associations = cJSON_CreateObject();
	cJSON_AddItemToArray(options, option_record(&option_name, service->noun));
	cJSON_AddItemToArray(names, cJSON_CreateString("name"));
	for (option = service->options; option->name != NULL; option++) {
		cJSON_AddItemToArray(options, option_record(option, NULL));
		cJSON_AddItemToArray(names, cJSON_CreateString(option->name));
		if (option->association != NULL)
			cJSON_AddStringToObject(associations, option->name, option->association);
	}
	cJSON_AddItemToObject(record, "availableServiceInstanceOptions", names);
	if (associations->child != NULL)
		cJSON_AddItemToObject(record, "serviceAssociations", associations);
	else
		cJSON_Delete(associations);
	cJSON_AddStringToObject(record, "openSourceLicense", "MIT");
	cJSON_AddStringToObject(record, "openSourceLicenseText", "");
	return record;
}

cJSON *
service_options(const struct service *service, const cJSON *body, bool change, struct pool *pool, const char **why)
{
	cJSON *taken = cJSON_CreateObject(), *value;
	const struct service_option *option;

	*why = NULL;
	for (option = service->options; option->name != NULL && *why == NULL; option++) {
		value = cJSON_GetObjectItemCaseSensitive(body, option->name);
		if (value == NULL) {
			if ((option->flags & OPTION_REQUIRED) != 0 && !change)
				*why = pool_printf(pool, "Option %s is mandatory", option->name);
			continue;
		}
		*why = option_check(option, value, pool);
		cJSON_AddItemToObject(taken, option->name, cJSON_Duplicate(value, 1));
	}
	if (*why == NULL)
		return taken;
	cJSON_Delete(taken);
	return NULL;
}
