/* The second translation unit of the test, after the macros with which <windows.h> tramples over names. */
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define interface struct
#define small char
#define near
#define far
#define IN
#define OUT
#define ERROR 0
#define NO_ERROR 0
#define DELETE (0x00010000L)
#define IGNORE 0
#define TRUE 1
#define FALSE 0
#define STRICT 1
#define CALLBACK
#define SendMessage SendMessageW
#define GetObject GetObjectW
#include <secupos.hpp>
#include <secupos.hpp>

secupos::outcome what_became_of(const secupos::payment &payment)
{
    return payment.outcome();
}
