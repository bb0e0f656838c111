/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_OSC_READY_H
#define OSCGI_OSC_READY_H

#include "json/json.h"
#include "osc/upstream.h"

/*
 * Is an instance ready for use?  Its health says "running" well before its address
 * answers: first the name does not resolve, then the platform's ingress answers in its
 * place.  So ready means that the health is "running" and that the path which will be
 * used gets an answer of the application.
 */
enum osc_ready {
	OSC_READY,
	OSC_NOT_YET,
	OSC_FAILED	/* for good */
};

/* One look, each call at most timeout_ms.  Failures to ask count as OSC_NOT_YET and leave no words. */
enum osc_ready osc_instance_look(struct osc_client *o, struct osc_service *s, const struct json *document,
    int timeout_ms);

/* Look until it is ready or has failed, wait_ms are over, or the call's deadline is near. */
enum osc_ready osc_instance_await(struct osc_client *o, struct osc_service *s, const struct json *document, int wait_ms);

#endif
