/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_CONVERT_H
#define OSCGI_FLOW_CONVERT_H

#include "flow/work.h"
#include "osc/s3.h"
#include "session/session.h"

/*
 * Open Media Convert: a pipeline is a storage, a queue, a profile server and an encoder
 * (and for streaming a callback listener and a packager) in the visitor's workspace.
 * There is one for a tenant.
 */
#define CONVERT_FAMILY  "convert"
#define CONVERT_NAME    "encoreshared"	/* of all its instances */

#define CONVERT_STORAGE  "minio-minio"
#define CONVERT_QUEUE    "valkey-io-valkey"
#define CONVERT_PROFILES "grusell-encore-profile-server"
#define CONVERT_ENCODER  "encore"
#define CONVERT_LISTENER "eyevinn-encore-callback-listener"
#define CONVERT_PACKAGER "eyevinn-encore-packager"

#define CONVERT_INPUT   "input"		/* buckets */
#define CONVERT_OUTPUT  "output"
#define CONVERT_PROFILE "program"	/* of a job that asks for none: the one that every encoder has */
#define CONVERT_PACKAGED "packaged"	/* what is in the output bucket below it came from the packager */

/* input: {"streaming":bool} */
extern const struct recipe convert_make;
/* input: {"storage":bool}: the storage too, with every file in it */
extern const struct recipe convert_remove;

/* Facts of the system's record, and credentials. */
#define CONVERT_FACT_STORAGE_URL  "storageUrl"
#define CONVERT_FACT_PROFILES_URL "profilesUrl"	/* absent: the encoder's own profiles */
#define CONVERT_FACT_ENCODER_URL  "encoderUrl"
#define CONVERT_FACT_LISTENER_URL "listenerUrl"
#define CONVERT_FACT_READY        "ready"
#define CONVERT_FACT_STREAMING    "streaming"
#define CONVERT_FACT_TOKEN        "packagerToken"	/* a hash of the one that the packager has */
#define CONVERT_FACT_TOKEN_UNTIL  "packagerTokenUntil"
#define CONVERT_FACT_PACKAGER_SINCE "packagerSince"	/* when it was started anew with that */
#define CONVERT_STORAGE_USER      "storageUser"
#define CONVERT_STORAGE_PASSWORD  "storagePassword"

/* The storage of a system; false: it is not known yet. */
bool convert_storage(const struct system *sys, struct osc_s3 *s3);
/* The name of a secret of the pipeline; NULL when out of memory. */
const char *convert_secret_name(struct arena *a, const char *what);

/* Whose pipeline. */
struct convert {
	struct app           *app;
	struct call          *call;
	struct osc_client    *osc;
	const struct session *session;
	const char           *tenant;
};

/* Change facts and save them; what another request of the visitor's wrote meanwhile stays. */
WARN_UNUSED enum err convert_change(const struct convert *cv, struct system *sys,
    void (*change)(const struct convert *, struct system *, const void *), const void *ctx);

/* Facts of jobs: when something was.  They are kept a little longer than the encoder knows the jobs. */
#define CONVERT_JOB_REMOVED "hidden"
#define CONVERT_JOB_ASKED   "asked"	/* "asked1", ...: its listener was told again that it has succeeded */
/* 0: never. */
int64_t convert_job_when(const struct convert *cv, const struct system *sys, const char *what, const char *id);
/* Now; saved by the caller. */
void convert_job_note(const struct convert *cv, struct system *sys, const char *what, const char *id);

/*
 * {"status","streaming","profiles":["program",...],"services":[{"serviceId","name","url","status"}],"operation"}
 * status: "absent", "making", "ready", "removing", "incomplete" (a part was never made, or is gone); profiles: what
 * jobs may ask for, none unless ready; operation: the id of an unfinished one or null.
 */
WARN_UNUSED enum err convert_read(const struct convert *cv, struct json **out);

/*
 * A place for a file: {"uploadUrl","source"}; the address takes one PUT of it for an hour.
 * ERR_CONFLICT: there is no pipeline that is ready.  ERR_BAD_REQUEST: name or type.
 */
WARN_UNUSED enum err convert_upload(const struct convert *cv, const struct json *body, struct json **out);

/*
 * Jobs as browsers see them: {"id","name","status","progress","profile","source","createdDate","startedDate",
 * "completedDate","outputs","packaging","message"}; source as it was given, but for a password in it.
 */
WARN_UNUSED enum err convert_jobs(const struct convert *cv, int page, struct json **out);
WARN_UNUSED enum err convert_job(const struct convert *cv, const char *id, struct json **out);
WARN_UNUSED enum err convert_job_create(const struct convert *cv, const struct json *body, struct json **out);
/* Cancel what runs; of what ended, remove its files and show it no more. */
WARN_UNUSED enum err convert_job_remove(const struct convert *cv, const char *id);

#endif
