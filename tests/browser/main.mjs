/* SPDX-License-Identifier: MIT */
/* The pages in a browser: node main.mjs BASE_URL SANDBOX_URL [ONLY], started by run.sh. */

import {launch, shut} from './browser.mjs';
import {runTests} from './tap.mjs';
import './source.mjs';
import './main-job.mjs';
import './hostile.mjs';
import './access.mjs';
import './layout.mjs';
import './apps.mjs';
import './trouble.mjs';
import './workspace.mjs';
import './whole.mjs';
import './two-apps.mjs';
import './own-app.mjs';

await launch();
const failed = await runTests(process.argv[4]);
await shut();
process.exit(failed ? 1 : 0);
