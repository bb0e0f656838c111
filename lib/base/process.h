/* SPDX-License-Identifier: MIT */
#ifndef OSCGI_BASE_PROCESS_H
#define OSCGI_BASE_PROCESS_H

/*
 * What every main does first, for tokens and keys pass through its memory: no core file, no debugger,
 * no privileges to gain, and nothing that it makes is for others to read.
 */
void process_harden(void);

#endif
