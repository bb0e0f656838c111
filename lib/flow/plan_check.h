/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_FLOW_PLAN_CHECK_H
#define OSCGI_FLOW_PLAN_CHECK_H

#include "flow/work.h"

/*
 * The first step of a recipe: the visitor's plan has something left to run instances on.
 * What the platform does not tell stops nobody, its limits are its own to enforce.
 * ERR_REFUSED: on the free plan with so much overspent that everything is suspended.
 */
WARN_UNUSED enum err plan_check(struct work *w);

#endif
