// Keys, completion and brushing. Everything here can also be done without it.
"use strict";
