/* SPDX-License-Identifier: MIT */
#include "profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VIDEO(suffix, height, bitrate) \
	"  - type: X264Encode\n" \
	"    suffix: " suffix "\n" \
	"    twoPass: false\n" \
	"    height: " height "\n" \
	"    params:\n" \
	"      b:v: " bitrate "\n" \
	"      profile:v: main\n" \
	"    audioEncodes:\n" \
	"      - type: AudioEncode\n" \
	"        codec: aac\n" \
	"        bitrate: 128k\n"

const struct profile_preset profile_presets[] = {
	{ "program", "name: program\ndescription: Ladder for programmes\nscaling: bicubic\nencodes:\n"
	    VIDEO("_x264_3100", "1080", "3100k") VIDEO("_x264_1312", "540", "1312k") VIDEO("_x264_324", "234", "324k")
	    "  - type: ThumbnailEncode\n    suffix: _thumb\n    percentages: [25]\n" },
	{ "program-kf", "name: program-kf\ndescription: Ladder with forced key frames\nencodes:\n"
	    VIDEO("_x264_3100", "1080", "3100k") VIDEO("_x264_1312", "540", "1312k") },
	{ "mobile", "name: mobile\ndescription: One small file\nencodes:\n" VIDEO("_x264_800", "360", "800k") },
	{ "audio", "name: audio\ndescription: Sound alone\nencodes:\n"
	    "  - type: AudioEncode\n    codec: aac\n    bitrate: 192k\n    suffix: _STEREO\n" },
	{ NULL, NULL }
};

const char *
profile_preset(const char *name)
{
	const struct profile_preset *preset = profile_presets;

	while (preset->name != NULL && strcmp(preset->name, name) != 0)
		preset++;
	return preset->yaml;
}

/* "key: value" of a line, its indentation and a "- " before it skipped.  False: it is none. */
static int
line_read(const char *line, size_t len, char key[64], char value[256], int *indent, int *item)
{
	size_t at = 0, colon;

	while (at < len && line[at] == ' ')
		at++;
	*indent = (int)at;
	*item = len - at > 2 && line[at] == '-' && line[at + 1] == ' ';
	at += *item ? 2 : 0;
	for (colon = at; colon < len; colon++)
		if (line[colon] == ':' && (colon + 1 == len || line[colon + 1] == ' '))
			break;
	if (colon == len || line[at] == '#')
		return 0;
	snprintf(key, 64, "%.*s", (int)(colon - at), line + at);
	colon++;
	while (colon < len && line[colon] == ' ')
		colon++;
	while (len > colon && strchr(" \r\"'", line[len - 1]) != NULL)
		len--;
	colon += colon < len && strchr("\"'", line[colon]) != NULL;
	snprintf(value, 256, "%.*s", (int)(len - colon), line + colon);
	return 1;
}

const char *
profile_location(const char *index, const char *name, struct pool *pool)
{
	char key[64], value[256];
	int indent, item;
	size_t len;

	for (; *index != '\0'; index += len + (index[len] == '\n')) {
		len = strcspn(index, "\n");
		if (line_read(index, len, key, value, &indent, &item) && strcmp(key, name) == 0 && *value != '\0')
			return pool_strdup(pool, value);
	}
	return NULL;
}

static void
encode_set(struct encode *encode, const char *key, const char *value)
{
	if (strcmp(key, "suffix") == 0 && *encode->suffix == '\0')
		snprintf(encode->suffix, sizeof(encode->suffix), "%.63s", value);
	else if (strcmp(key, "height") == 0)
		encode->height = atoi(value);
	else if (strcmp(key, "b:v") == 0 ||
	    (strcmp(key, "bitrate") == 0 && strcmp(encode->type, "AudioEncode") == 0))
		snprintf(encode->bitrate, sizeof(encode->bitrate), "%.15s", value);
}

/* The list's items are those as far left as the first; deeper ones belong to one of them. */
int
profile_encodes(const char *yaml, struct encode encodes[ENCODES_MAX])
{
	int indent, item, left = -1, count = 0, inside = 0;
	char key[64], value[256];
	size_t len;

	for (; *yaml != '\0'; yaml += len + (yaml[len] == '\n')) {
		len = strcspn(yaml, "\n");
		if (!line_read(yaml, len, key, value, &indent, &item))
			continue;
		if (indent == 0 && !item) {
			inside = strcmp(key, "encodes") == 0;
			continue;
		}
		if (!inside)
			continue;
		if (item && (left == -1 || indent == left) && strcmp(key, "type") == 0) {
			if (count == ENCODES_MAX)
				break;
			left = indent;
			memset(&encodes[count], 0, sizeof(encodes[count]));
			snprintf(encodes[count++].type, sizeof(encodes[0].type), "%.31s", value);
		} else if (count > 0 && !item)
			encode_set(&encodes[count - 1], key, value);
	}
	return count;
}
