/* SPDX-License-Identifier: MIT */
/* Encoding profiles as Encore has them: YAML, found by an index of their names. */
#ifndef SANDBOX_PROFILE_H
#define SANDBOX_PROFILE_H

#include "mem.h"

#define ENCODES_MAX 8

/* One output of a profile. */
struct encode {
	char type[32];		/* "X264Encode", "AudioEncode", "ThumbnailEncode" ... */
	char suffix[64];
	char bitrate[16];	/* of the video, or of the audio where there is only that; may be empty */
	int height;		/* 0: that of the input */
};

/* The profiles that there are without any: names, and what is in each.  name NULL ends the list. */
struct profile_preset {
	const char *name;
	const char *yaml;
};

extern const struct profile_preset profile_presets[];

/* NULL: there is none of that name. */
const char *profile_preset(const char *name);

/* The location that an index of "name: location" lines has for a name, in the pool; NULL: none. */
const char *profile_location(const char *index, const char *name, struct pool *pool);

/* What a profile makes; the number of encodes, 0 where it names none. */
int profile_encodes(const char *yaml, struct encode encodes[ENCODES_MAX]);

#endif
