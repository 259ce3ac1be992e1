/** Converters by AES. */
import type { LanguageCase } from '../case.js'
import { conversions, refusals } from '../support/conversions.js'

export const cases: readonly LanguageCase[] = [
  ...conversions('aes_gcm_dec', [
    'bin(8db710d93c),aes_gcm_dec(128,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93K8cPig==)',
    {
      set: [['txn.t', 'str(I+d34uKozNtnVC93K8cPig==)']],
      give: 'bin(8db710d93c),aes_gcm_dec(128,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,txn.t)',
    },
    {
      set: [
        ['txn.t', 'str(I+d34uKozNtnVC93K8cPig==)'],
        ['txn.n', 'str(YWJjZGVmZ2hpamts)'],
        ['txn.k', 'str(MDEyMzQ1Njc4OWFiY2RlZg==)'],
      ],
      give: 'bin(8db710d93c),aes_gcm_dec(128,txn.n,txn.k,txn.t)',
    },
    'bin(8db710d93c),aes_gcm_dec(192,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93K8cPig==)',
    'bin(8db710d93c),aes_gcm_dec(256,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93K8cPig==)',
    'bin(8db710d93c),aes_gcm_dec(128,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,YWJj)',
    'bin(8db710d93c),aes_gcm_dec(128,YWJjZGVmZ2hpamts,YWJj,I+d34uKozNtnVC93K8cPig==)',
    'bin(8db710d93c),aes_gcm_dec(128,YWJj,MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93K8cPig==)',
    'bin(8db710d93c),aes_gcm_dec(128,"",MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93K8cPig==)',
    'bin(8db710d93c),aes_gcm_dec(128,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,"")',
    'bin(8db710d93c),aes_gcm_dec(128,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,txn.none)',
    'bin(8db710d93c),aes_gcm_dec(128,YWJjZGVmZ2hpamts,BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH,I+d34uKozNtnVC93K8cPig==)',
    'str(),aes_gcm_dec(128,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93K8cPig==)',
    'bin(8db710d93c),aes_gcm_dec(128,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93)',
    'bin(8db710d93c),aes_gcm_dec(128,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93K8cPinh4)',
    'bin(628896fd70),aes_gcm_dec(128,YWJjZGVmZ2hpamtsbW5vcA==,MDEyMzQ1Njc4OWFiY2RlZg==,gt8L2FFabrGBhjkSsPLlxw==)',
    'str(),aes_gcm_dec(128,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,tvB4+dBgtegDLkZL+SXTlQ==)',
  ]),
  ...refusals('aes_gcm_dec', [
    [
      'bin(8db710d93c),aes_gcm_dec(0,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93K8cPig==)',
      "option 'bits': must be 128, 192 or 256 (got 0)",
    ],
    [
      'bin(8db710d93c),aes_gcm_dec(x,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93K8cPig==)',
      "option 'bits': 'x' is not an integer",
    ],
    [
      'bin(8db710d93c),aes_gcm_dec(,YWJjZGVmZ2hpamts,MDEyMzQ1Njc4OWFiY2RlZg==,I+d34uKozNtnVC93K8cPig==)',
      "option 'bits': is missing",
    ],
  ]),
]
