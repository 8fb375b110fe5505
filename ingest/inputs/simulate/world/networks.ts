import { hash } from '../random.js'

/** What kind of connection sits behind a network: decides who comes from there. */
export type NetworkKind = 'home' | 'mobile' | 'cloud'

/** One access network seen at one data centre: everything in a record that follows from where the client is. */
export interface Network {
  readonly index: number
  readonly kind: NetworkKind
  /** ISO 3166 alpha-2, upper case; the log carries lower case, as real exports do. `T1` is Tor, `XX` unknown. */
  readonly country: string
  readonly region: string
  readonly city: string
  readonly latitude: string
  readonly longitude: string
  readonly asn: number
  readonly colo: string
  readonly coloId: number
  readonly rttMs: number
  readonly weight: number
}

/** country, region, city, latitude, longitude, ASN, data centre, typical TCP round trip in ms, weight, kind. */
const table = `
us NY New_York 40.71 -74.01 7922 EWR 14 60 home
us NY New_York 40.71 -74.01 701 EWR 11 42 home
us PA Philadelphia 39.95 -75.16 7922 IAD 19 24 home
us VA Ashburn 39.04 -77.49 7922 IAD 12 20 home
us IL Chicago 41.88 -87.63 7922 ORD 15 40 home
us MI Detroit 42.33 -83.05 20115 ORD 21 18 home
us TX Dallas 32.78 -96.80 7018 DFW 18 38 home
us TX Houston 29.76 -95.37 7018 DFW 24 20 home
us CA Los_Angeles 34.05 -118.24 20001 LAX 15 44 home
us CA San_Jose 37.34 -121.89 7922 SJC 12 30 home
us WA Seattle 47.61 -122.33 7922 SEA 13 22 home
us FL Miami 25.76 -80.19 7922 MIA 16 24 home
us GA Atlanta 33.75 -84.39 7922 ATL 15 22 home
us CA Los_Angeles 34.05 -118.24 21928 LAX 48 26 mobile
us NY New_York 40.71 -74.01 6167 EWR 44 28 mobile
us TX Dallas 32.78 -96.80 20057 DFW 47 20 mobile
us VA Ashburn 39.04 -77.49 14618 IAD 2 40 cloud
us OR Boardman 45.84 -119.70 16509 SEA 6 22 cloud
us IA Council_Bluffs 41.26 -95.86 15169 ORD 9 30 cloud
us VA Boydton 36.67 -78.39 8075 IAD 6 20 cloud
us NJ Clifton 40.86 -74.16 14061 EWR 3 14 cloud
ca ON Toronto 43.70 -79.42 577 YYZ 14 26 home
ca QC Montreal 45.51 -73.59 5769 YUL 15 14 home
ca BC Vancouver 49.28 -123.12 6327 YVR 13 10 home
mx CMX Mexico_City 19.43 -99.13 8151 QRO 29 18 home
br SP Sao_Paulo -23.55 -46.64 27699 GRU 19 40 home
br RJ Rio_de_Janeiro -22.91 -43.20 28573 GIG 22 16 home
br SP Sao_Paulo -23.55 -46.64 26599 GRU 61 14 mobile
ar B Buenos_Aires -34.61 -58.38 7303 EZE 24 10 home
cl RM Santiago -33.45 -70.67 22047 SCL 20 6 home
co DC Bogota 4.61 -74.08 3816 BOG 24 7 home
gb ENG London 51.51 -0.13 2856 LHR 11 44 home
gb ENG Manchester 53.48 -2.24 5089 MAN 14 20 home
gb ENG London 51.51 -0.13 12576 LHR 39 14 mobile
ie L Dublin 53.33 -6.25 5466 DUB 13 7 home
ie L Dublin 53.33 -6.25 16509 DUB 2 24 cloud
fr IDF Paris 48.85 2.35 3215 CDG 12 44 home
fr ARA Lyon 45.75 4.85 12322 CDG 19 18 home
fr PAC Marseille 43.30 5.38 3215 MRS 13 14 home
fr IDF Paris 48.85 2.35 15557 CDG 41 14 mobile
fr HDF Roubaix 50.69 3.17 16276 CDG 5 14 cloud
de HE Frankfurt 50.12 8.68 3320 FRA 13 40 home
de BE Berlin 52.52 13.41 3320 TXL 16 20 home
de BY Munich 48.14 11.58 31334 MUC 18 22 home
de NW Cologne 50.93 6.95 8881 DUS 16 14 home
de HE Frankfurt 50.12 8.68 6805 FRA 43 14 mobile
de BY Nuremberg 49.45 11.08 24940 FRA 5 18 cloud
de HE Frankfurt 50.12 8.68 14061 FRA 2 10 cloud
nl NH Amsterdam 52.37 4.89 1136 AMS 10 16 home
nl NH Amsterdam 52.37 4.89 33915 AMS 12 12 home
nl NH Amsterdam 52.37 4.89 60781 AMS 2 10 cloud
be BRU Brussels 50.85 4.35 5432 BRU 13 8 home
ch ZH Zurich 47.37 8.55 3303 ZRH 11 9 home
at 9 Vienna 48.21 16.37 8447 VIE 13 7 home
es MD Madrid 40.42 -3.70 3352 MAD 16 20 home
es CT Barcelona 41.39 2.17 12479 BCN 17 10 home
it 25 Milan 45.46 9.19 3269 MXP 18 18 home
it 62 Rome 41.89 12.48 30722 FCO 31 8 mobile
pt 11 Lisbon 38.72 -9.13 3243 LIS 15 6 home
pl 14 Warsaw 52.23 21.01 5617 WAW 17 12 home
cz 10 Prague 50.09 14.42 5610 PRG 14 5 home
se AB Stockholm 59.33 18.06 3301 ARN 12 9 home
no 03 Oslo 59.91 10.75 2119 OSL 13 5 home
dk 84 Copenhagen 55.68 12.57 3292 CPH 12 5 home
fi 18 Helsinki 60.17 24.94 719 HEL 14 4 home
ua 30 Kyiv 50.45 30.52 15895 KBP 21 5 mobile
ru MOW Moscow 55.75 37.62 12389 DME 34 8 home
ru SPE Saint_Petersburg 59.94 30.31 49505 ARN 42 3 cloud
tr 34 Istanbul 41.01 28.95 9121 IST 27 11 home
il TA Tel_Aviv 32.08 34.78 8551 TLV 16 5 home
ae DU Dubai 25.07 55.17 5384 DXB 22 6 home
sa 01 Riyadh 24.69 46.72 25019 RUH 29 5 mobile
eg C Cairo 30.06 31.25 8452 CAI 41 5 home
ng LA Lagos 6.45 3.39 29465 LOS 63 5 mobile
ke 30 Nairobi -1.28 36.82 33771 NBO 48 3 mobile
za GP Johannesburg -26.20 28.04 3741 JNB 26 6 home
in MH Mumbai 19.07 72.88 55836 BOM 46 30 mobile
in DL New_Delhi 28.65 77.23 24560 DEL 38 18 home
in KA Bengaluru 12.97 77.59 9829 BLR 31 12 home
pk SD Karachi 24.86 67.01 17557 KHI 43 4 home
bd C Dhaka 23.71 90.41 24389 DAC 57 4 mobile
lk 1 Colombo 6.94 79.85 9329 CMB 39 2 home
th 10 Bangkok 13.75 100.50 7470 BKK 24 8 home
vn SG Ho_Chi_Minh_City 10.82 106.63 45899 SGN 27 10 home
id JK Jakarta -6.21 106.85 7713 CGK 33 14 home
my 14 Kuala_Lumpur 3.14 101.69 4788 KUL 21 6 home
ph 00 Manila 14.60 120.98 9299 MNL 31 10 home
sg 01 Singapore 1.29 103.85 4657 SIN 9 8 home
sg 01 Singapore 1.29 103.85 16509 SIN 2 12 cloud
sg 01 Singapore 1.29 103.85 45102 SIN 3 8 cloud
hk HK Hong_Kong 22.29 114.15 4760 HKG 9 7 home
tw TPE Taipei 25.05 121.53 3462 TPE 11 8 home
cn GD Shenzhen 22.55 114.07 4134 HKG 88 10 home
cn BJ Beijing 39.91 116.40 4808 NRT 104 6 home
cn ZJ Hangzhou 30.29 120.16 37963 HKG 79 8 cloud
kr 11 Seoul 37.57 126.98 4766 ICN 12 14 home
jp 13 Tokyo 35.69 139.69 4713 NRT 12 30 home
jp 27 Osaka 34.69 135.50 17511 KIX 13 12 home
jp 13 Tokyo 35.69 139.69 9605 NRT 38 10 mobile
au NSW Sydney -33.87 151.21 1221 SYD 17 16 home
au VIC Melbourne -37.81 144.96 7545 MEL 19 10 home
nz AUK Auckland -36.85 174.76 4771 AKL 18 4 home
t1 - - 0 0 60729 AMS 96 1.5 cloud
xx - - 0 0 64512 FRA 40 0.5 home
`

/** All networks of the simulated world; real AS numbers and data centre codes, so that they belong together. */
export const networks: readonly Network[] = table
  .trim()
  .split('\n')
  .map((row, index) => {
    const [country, region, city, latitude, longitude, asn, colo, rttMs, weight, kind] = row.split(' ')
    const known = city !== '-'
    return {
      index,
      kind: kind as NetworkKind,
      country: country.toUpperCase(),
      region: known ? region : '',
      city: known ? city.replaceAll('_', ' ') : '',
      latitude: known ? padCoordinate(latitude) : '',
      longitude: known ? padCoordinate(longitude) : '',
      asn: Number(asn),
      colo,
      coloId: 11 + ((hash(colo) >>> 0) % 880),
      rttMs: Number(rttMs),
      weight: Number(weight),
    }
  })

/** Exports carry five decimals. */
function padCoordinate(value: string): string {
  return Number(value).toFixed(5)
}
