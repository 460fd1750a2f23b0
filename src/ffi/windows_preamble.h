/*
 * Paths in UTF-16, on Windows: what secupos.h has with paths in UTF-8. secupos.h includes this file on Windows.
 *
 * argv of a C program is in the code page of the machine there, and so is what most ANSI functions of Windows return:
 * neither is UTF-8. With wmain, and with the W functions of Windows, a path is a wchar_t text, as it is wanted here.
 *
 * Made by cbindgen from src/ffi/windows.rs. Do not edit: change the source and run "make header".
 */

#ifndef SECUPOS_WINDOWS_H
#define SECUPOS_WINDOWS_H

#include "secupos.h"
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
