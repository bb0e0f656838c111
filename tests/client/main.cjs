/* SPDX-License-Identifier: MIT */
/* The platform's JavaScript client on a sandbox: started by run.sh. */
'use strict';

const {runTests} = require('./tap.cjs');
require('./osc.cjs');
require('./storage.cjs');

runTests().then((failed) => process.exit(failed ? 1 : 0));
