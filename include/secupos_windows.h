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

/**
 * Does what secupos_config_add_ca_file does, with the path in UTF-16.
 *
 * @param config the settings
 * @param ca_file the path of the file
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the file cannot be read or holds no certificate
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_add_ca_file_w(
    secupos_config *config, const wchar_t *ca_file, secupos_error **error);

/**
 * Does what secupos_config_set_state_file does, with the path in UTF-16.
 *
 * @param config the settings
 * @param state_file a file on a local disk, in a folder that exists
 * @param flags 0, or SECUPOS_STATE_CREATE when the till is set up
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the path is empty or the flags are unknown
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_state_file_w(
    secupos_config *config, const wchar_t *state_file, secupos_state_flags flags, secupos_error **error);

/**
 * Does what secupos_config_set_head_file does, with the path in UTF-16.
 *
 * @param config the settings
 * @param head_file a file on a local disk, in a folder that exists
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the path is empty
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_config_set_head_file_w(
    secupos_config *config, const wchar_t *head_file, secupos_error **error);

/**
 * Does what secupos_till_export_day does, with the folder's path in UTF-16.
 *
 * @param till the till
 * @param date the day, such as "2026-11-23"
 * @param folder a folder that exists; use one folder for one till
 * @param out a JSON object {"payments_file", "receipts_file", "payments", "damaged", "was_there"}; free it with
 *     secupos_bytes_free
 * @param error why the call failed
 * @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if date is no day or the folder cannot be written to
 * @since 0.1
 */
SECUPOS_API secupos_status SECUPOS_CALL secupos_till_export_day_w(
    const secupos_till *till, const char *date, const wchar_t *folder, secupos_bytes **out, secupos_error **error);

#ifdef __cplusplus
}
#endif

#endif /* SECUPOS_WINDOWS_H */
