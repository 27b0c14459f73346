// The start of a command line tool is measured against a program that does nothing.
return 0;
