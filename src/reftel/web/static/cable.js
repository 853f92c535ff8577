// Reading a cable: hits one after the other, statements and their margin, copying a citation. All of it is extra.
"use strict";
