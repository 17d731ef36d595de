"""Articles of the sellers from Hangzhou, Shenzhen and Yiwu, of the French house and of the Polish one.

The last field is the title in the seller's own language.
"""

ARTICLES = """
== hangzhou-lumen
~ loto | Loto | Lotus | Pliegues de papel que recuerdan a un loto a medio abrir. | Folded paper, like a lotus half open. | 莲
~ bambu | Bambú | Bamboo | Varilla de bambú partida a mano en Lin'an. | Bamboo split by hand in Lin'an. | 竹
~ luna | Luna | Moon | Luz redonda y pareja, sin sombras duras. | A round, even light without hard shadows. | 月
~ seda | Seda | Silk | Pantalla de seda de Hangzhou sobre bastidor metálico. | A shade of Hangzhou silk on a metal frame. | 丝
- lampara | Lámpara de mesa {s} | {s} table lamp | 32.90 | Pie de cerámica vidriada y luz que no cansa. | Glazed ceramic foot and a light that does not tire. | loto bambu luna seda | {s}台灯
- colgante | Lámpara colgante {s} | {s} pendant lamp | 39.90 | Llega plegada y se abre sin herramientas. | Arrives folded and opens without tools. | loto bambu luna seda | {s}吊灯
- flexo | Flexo articulado {s} | {s} desk lamp | 29.90 | Brazo equilibrado por muelles; cuatro tonos de blanco. | Spring-balanced arm; four whites. | luna bambu | {s}护眼台灯
- flexo | Lámpara de mesa con brazo | Table lamp with arm | 24.50 | Brazo de latón y regulación en la base. | Brass arm, dimmer in the base. | - | 摇臂台灯
- lampara | Lámpara de noche recargable | Rechargeable night light | 18.90 | Tres días de luz tenue con una carga. | Three days of dim light on a charge. | - | 充电小夜灯
- lampara | Farolillo de papel de arroz | Rice paper lantern | 12.90 | Plegado plano, con portalámparas. | Flat-packed, with socket. | - | 宣纸灯笼
- colgante | Lámpara colgante de fibra tejida | Woven fibre pendant | 44.00 | Tejida en una pieza por un solo artesano. | Woven in one piece by one artisan. | - | 编织吊灯
- lampara | Lámpara de pie plegable | Folding floor lamp | 58.00 | Tres patas y pantalla de lino. | Three legs and a linen shade. | - | 折叠落地灯
- te_verde | Té verde Longjing de primavera | Spring Longjing green tea | 16.90 | Hoja plana tostada en wok antes de la fiesta de Qingming. | Flat leaf, wok-fired before Qingming. | - | 明前龙井
- te | Té negro Jiuqu | Jiuqu black tea | 11.40 | Rojo claro en taza, con cacao y dátil. | Pale red in the cup, cocoa and date. | - | 九曲红梅
- panuelo_seda | Fular de seda {s} | {s} silk scarf | 34.90 | Seda de morera de 14 momme, dobladillo enrollado a mano. | 14 momme mulberry silk, hand-rolled hem. | loto luna | {s}真丝围巾
- abanico | Abanico de seda {s} | {s} silk fan | 14.50 | Bambú calado y seda pintada. | Pierced bamboo, painted silk. | loto seda | {s}绢扇
- taza | Taza de celadón | Celadon cup | 11.90 | Verde de Longquan, fino como un sonido. | Longquan green, thin as a note. | - | 龙泉青瓷杯
- jarron | Jarrón de celadón | Celadon vase | 29.90 | Forma de calabaza, esmalte hondo. | Gourd shape, deep glaze. | - | 龙泉青瓷花瓶
- cuenco | Cuenco de té de porcelana | Porcelain tea bowl | 14.90 | Sin asa, para beber con las dos manos. | No handle: drink with both hands. | - | 白瓷茶碗
- paraguas | Paraguas de papel aceitado | Oiled paper umbrella | 27.50 | Ochenta varillas de bambú, para sol y llovizna. | Eighty bamboo ribs, for sun and drizzle. | - | 油纸伞
- cojin | Cojín de seda acolchada | Quilted silk cushion | 26.90 | Relleno de borra de seda. | Filled with silk floss. | - | 丝绵抱枕
- espejo | Espejo lunar con luz | Moon mirror with light | 36.50 | Aro de luz cálida y sensor al tacto. | A warm ring of light, touch control. | - | 月亮镜灯
== shenzhen-tidewave
~ s1 | Marea S1 | Tide S1 | La serie sencilla: lo justo y bien hecho. | The plain series: just enough, well made. | 潮汐S1
~ s3 | Marea S3 | Tide S3 | La serie media, con carcasa de aluminio. | The middle series, in an aluminium shell. | 潮汐S3
~ s5 | Marea S5 | Tide S5 | La serie grande, con más batería y códecs de alta resolución. | The large series, more battery and high-resolution codecs. | 潮汐S5
- auricular | Auriculares de diadema {s} | {s} over-ear headphones | 49.90 | Cancelación de ruido que se regula en cuatro pasos. | Noise cancelling in four steps. | s1 s3 s5 | {s}头戴式耳机
- altavoz | Altavoz portátil {s} | {s} portable speaker | 39.90 | Resiste la lluvia y una caída desde la mesa. | Takes rain and a fall from the table. | s1 s3 s5 | {s}便携音箱
- bateria | Batería externa {s} | {s} power bank | 24.90 | Pantalla pequeña que dice el porcentaje real. | A small display with the true percentage. | s1 s3 s5 | {s}移动电源
- teclado | Teclado mecánico {s} | {s} mechanical keyboard | 64.90 | Setenta y cinco por ciento, con rueda de volumen. | Seventy-five per cent, with a volume wheel. | s1 s3 | {s}机械键盘
- cable | Cable USB-C trenzado | Braided USB-C cable | 8.90 | Cien vatios y datos a 10 Gb/s. | A hundred watts and 10 Gb/s. | - | USB-C编织线
- cable | Cable USB-C magnético | Magnetic USB-C cable | 9.90 | Se enrolla solo y se suelta si tropieza. | Coils itself, lets go if you trip. | - | 磁吸USB-C线
- cable | Cable USB-C a Lightning | USB-C to Lightning cable | 10.90 | Para el teléfono que aún no ha cambiado. | For the phone you have not replaced yet. | - | USB-C转Lightning线
- cable | Cable de vídeo USB-C a HDMI | USB-C to HDMI cable | 14.90 | 4K a 60 Hz, sin controladores. | 4K at 60 Hz, no drivers. | - | USB-C转HDMI线
- cargador | Cargador de pared 65 W | 65 W wall charger | 29.90 | Tres puertos y clavija plegable. | Three ports, folding plug. | - | 65W氮化镓充电器
- bateria | Batería magnética fina | Slim magnetic power bank | 27.90 | Se pega al teléfono y cabe en el bolsillo. | Clings to the phone and fits the pocket. | - | 超薄磁吸充电宝
- auricular | Auriculares de botón | In-ear earphones | 29.90 | Cuatro tamaños de almohadilla y estuche de aluminio. | Four tip sizes, aluminium case. | - | 入耳式耳机
- auricular | Auriculares de estudio con cable | Wired studio headphones | 59.90 | Almohadillas que se cambian; cable de tres metros. | Replaceable pads; three-metre cable. | - | 监听耳机
- auricular | Auriculares infantiles a 85 dB | Children's headphones, 85 dB | 19.90 | Volumen limitado por el propio circuito. | Volume limited by the circuit itself. | - | 儿童护耳耳机
- altavoz | Altavoz de estantería | Bookshelf speaker | 89.90 | Caja de madera y cono de 13 centímetros. | Wooden box, 13-centimetre cone. | - | 书架音箱
- altavoz | Radio despertador con altavoz | Clock radio speaker | 34.90 | FM, Bluetooth y un botón grande para callarlo. | FM, Bluetooth and one big button to hush it. | - | 闹钟音箱
- dron | Dron plegable de 249 gramos | 249-gram folding drone | 189.00 | Cámara estabilizada y 31 minutos de vuelo. | Stabilised camera, 31 minutes of flight. | - | 249克折叠无人机
- dron | Minidrón de interior | Indoor mini drone | 45.00 | Con protección de hélices y botón de parada. | Guarded blades and a stop button. | - | 室内迷你无人机
- reloj_act | Reloj de actividad | Activity watch | 39.90 | Pasos, sueño y catorce días sin cargar. | Steps, sleep and fourteen days without charging. | - | 运动手表
- luz_bici | Luces de bici USB | USB bike lights | 19.90 | Diez horas de luz fija. | Ten hours of steady light. | - | USB自行车灯
- robot | Robot programable | Programmable robot | 54.90 | Se programa con tarjetas, sin pantalla. | Programmed with cards, no screen. | - | 编程机器人
- flexo | Lámpara de monitor | Monitor light bar | 27.90 | Ilumina la mesa y no la pantalla. | Lights the desk, not the screen. | - | 屏幕挂灯
- teclado | Teclado numérico | Number pad | 24.90 | Para quien lleva las cuentas. | For whoever keeps the books. | - | 数字小键盘
- funda | Funda con soporte | Case with stand | 9.90 | La anilla hace de pie y de asa. | The ring is both stand and handle. | - | 支架手机壳
== yiwu-bright-harbour
~ ola | Ola | Wave | Dibujo de olas impreso por las dos caras. | Waves printed on both sides. | 海浪
~ lunar | Lunares | Dots | Lunares pequeños, tres tintas. | Small dots, three inks. | 波点
~ flor | Flor | Bloom | Flores grandes, colores apagados. | Large flowers, muted colours. | 花朵
~ cuadro | Cuadro | Check | Cuadro de camisa, clásico. | Shirt check, classic. | 格纹
- paraguas | Paraguas plegable {s} | {s} folding umbrella | 14.90 | Abre y cierra con un botón y cabe en la mochila. | Opens and shuts with a button, fits the backpack. | ola lunar flor cuadro | {s}折叠伞
- calcetin | Calcetines {s} | {s} socks | 3.90 | Paquete sin plástico, cosido con una lazada. | Plastic-free pack, tied with a loop. | ola lunar flor cuadro | {s}袜子
- funda | Funda de móvil {s} | {s} phone case | 6.90 | Impresión bajo la superficie: no se raya. | Printed below the surface: it does not scratch. | ola lunar flor cuadro | {s}手机壳
- mochila | Mochila escolar {s} | {s} school backpack | 24.90 | Pecho ajustable y reflectantes. | Chest strap and reflectors. | ola lunar flor | {s}书包
- botella | Botella térmica {s} | {s} thermal bottle | 13.90 | Doble pared al vacío. | Double-walled vacuum. | ola cuadro flor | {s}保温杯
- pelota | Pelota de playa | Beach ball | 4.50 | Hinchada, 40 centímetros. | Forty centimetres inflated. | - | 沙滩球
- pelota | Balón de patio | Playground ball | 7.90 | Goma que bota y no marca la pared. | Bounces and leaves no marks. | - | 操场球
- robot | Robot de cuerda | Wind-up robot | 9.90 | Hojalata litografiada, camina en línea recta casi siempre. | Printed tin, walks straight most of the time. | - | 发条机器人
- madera | Bloques de construcción | Building blocks | 16.90 | Sesenta piezas en bolsa de tela. | Sixty pieces in a cloth bag. | - | 木质积木
- madera | Tren de madera | Wooden train | 19.90 | Imanes forrados entre vagones. | Covered magnets between the wagons. | - | 木头小火车
- puzle | Puzle de animales | Animal puzzle | 9.90 | Piezas gruesas para empezar. | Thick pieces to begin with. | - | 动物拼图
- gafas | Gafas de sol redondas | Round sunglasses | 9.90 | Montura ligera y estuche blando. | Light frame, soft case. | - | 圆框太阳镜
- gafas | Gafas de sol cuadradas | Square sunglasses | 9.90 | Lentes polarizadas. | Polarised lenses. | - | 方框太阳镜
- pendientes | Pendientes geométricos | Geometric earrings | 5.90 | Resina y latón, en cartón reciclado. | Resin and brass on recycled card. | - | 几何耳环
- pendientes | Pendientes de gota | Drop earrings | 6.50 | Esmalte mate. | Matt enamel. | - | 水滴耳环
- cuaderno | Cuaderno espiral de tapa dura | Hardcover spiral notebook | 5.90 | Hojas que se arrancan limpias. | Pages that tear out clean. | - | 线圈笔记本
- pluma | Set de rotuladores finos | Fineliner set | 8.90 | Doce colores, punta de 0,4. | Twelve colours, 0.4 tip. | - | 细头笔套装
- vela | Velas flotantes | Floating candles | 7.90 | Cuatro horas cada una. | Four hours each. | - | 漂浮蜡烛
- cojin | Cojín de viaje | Travel pillow | 12.90 | Espuma con memoria y funda lavable. | Memory foam, washable cover. | - | 旅行枕
- herramienta | Juego de jardín infantil | Children's garden set | 14.90 | Pala, rastrillo y regadera de metal de verdad. | Spade, rake and can, in real metal. | - | 儿童园艺套装
- cama_mascota | Manta para mascota | Pet blanket | 11.90 | Se lava con lo demás. | Washes with the rest. | - | 宠物毯
- reloj_pared | Reloj de cocina | Kitchen clock | 12.90 | Números grandes y sin tictac. | Big numbers, no ticking. | - | 厨房挂钟
== maison-aubrac-lenoir
~ ecru | écru | écru | Color de la fibra, nada más. | The colour of the fibre, nothing else. | écru
~ ardoise | ardoise | slate | Gris pizarra de los tejados de Lyon. | The slate grey of Lyon roofs. | ardoise
~ garance | garance | madder | Rojo de granza, tinte vegetal. | Madder red, a vegetable dye. | garance
- toalla | Toalla de rizo {s} | {s} terry towel | 29.00 | Algodón peinado de fibra larga. | Long-staple combed cotton. | ecru ardoise garance | Serviette éponge {s}
- sabana | Juego de cama de percal {s} | {s} percale bed set | 129.00 | Percal lavado a la piedra, tacto de hotel viejo. | Stone-washed percale, the feel of an old hotel. | ecru ardoise | Parure de lit en percale {s}
- cojin | Funda de cojín de lino {s} | {s} linen cushion | 39.00 | Vainica a mano en los cuatro lados. | Hand hemstitch on all four sides. | ecru ardoise garance | Coussin en lin {s}
- vela | Vela Cèdre | Cedar candle | 42.00 | Cedro del Atlas, humo frío y un punto de pimienta. | Atlas cedar, cold smoke and a touch of pepper. | - | Bougie Cèdre
- vela | Vela Figuier | Fig candle | 42.00 | Madera de higuera y leche. | Fig wood and milk. | - | Bougie Figuier
- vela | Vela Tilleul | Linden candle | 42.00 | Tilo en junio, a las nueve de la tarde. | Linden in June, at nine in the evening. | - | Bougie Tilleul
- vela | Vela Cuir | Leather candle | 44.00 | Cuero, tabaco rubio e iris. | Leather, blond tobacco and iris. | - | Bougie Cuir
- vidrio | Copas de vino de pie corto | Short-stemmed wine glasses | 16.50 | Vidrio soplado en Biot, con burbujas. | Blown in Biot, with bubbles. | - | Verres à vin pied court
- vidrio | Vasos facetados | Faceted tumblers | 11.50 | Los del bistró, más pesados. | The bistro's, only heavier. | - | Gobelets à facettes
- sarten | Cocotte de hierro esmaltado | Enamelled iron cocotte | 168.00 | Tapa con puntas que devuelven el vapor. | A spiked lid returns the steam. | - | Cocotte en fonte émaillée
- cobre | Sartén de cobre estañado | Tinned copper pan | 149.00 | Dos milímetros de cobre, mango de hierro. | Two millimetres of copper, iron handle. | - | Poêle en cuivre étamé
- cuchillo | Cuchillos de mesa {s} | Table knives, {s} | 84.00 | Juego de seis, forjados en Thiers. | A set of six, forged in Thiers. | olivier chene | Couteaux de table {s}
~ olivier | de olivo | olive wood | Mango de olivo con la abeja en el muelle. | Olive handle, the bee on the spring. | en olivier
~ chene | de roble | oak | Mango de roble de cuba. | Handles of cask oak. | en chêne
- jabon | Jabón de Marsella en cubo | Marseille soap cube | 7.90 | Setenta y dos por ciento de aceite, seiscientos gramos. | Seventy-two per cent oil. | - | Savon de Marseille
- crema | Crema de manos de karité | Shea hand cream | 16.00 | Veinte por ciento de karité. | Twenty per cent shea. | - | Crème mains au karité
- plato | Platos de gres de Borgoña | Burgundy stoneware plates | 26.00 | Gres gris con borde desnudo. | Grey stoneware, bare rim. | - | Assiettes en grès de Bourgogne
- taza | Cuenco de desayuno | Breakfast bowl | 18.00 | Con león en los lados, para mojar tartines. | Lions on the sides, for dipping tartines. | - | Bol à déjeuner lion
- paraguas | Paraguas de pastor | Shepherd's umbrella | 98.00 | Para dos personas y un perro. | For two people and a dog. | - | Parapluie de berger
- camiseta | Camiseta marinera | Breton striped tee | 49.00 | Veintiuna rayas, como manda el decreto. | Twenty-one stripes, as decreed. | - | Marinière
- libro | Manuel de table | The table manual | 29.00 | Cómo poner una mesa y olvidarse. | How to lay a table and forget it. En français. | - | Manuel de table
- mermelada | Confitura de mirabel | Mirabelle jam | 7.20 | Ciruela de Lorena en trozos. | Lorraine plums in pieces. | - | Confiture de mirabelles
- chocolate | Tableta de praliné | Praliné bar | 8.40 | Avellana del Piamonte bajo chocolate negro. | Piedmont hazelnut under dark chocolate. | - | Tablette praliné
== zielona-pracownia
~ las | Las | Forest | Colores de bosque: musgo, corteza, arándano. | Forest colours: moss, bark, bilberry. | Las
~ jezioro | Jezioro | Lake | Azules de Masuria. | The blues of Masuria. | Jezioro
~ jarzebina | Jarzębina | Rowan | Rojo de serbal y crema. | Rowan red and cream. | Jarzębina
- madera | Tren de bosque {s} | {s} forest train | 32.00 | Haya de Podlasie y ejes de acero. | Podlasie beech, steel axles. | las jezioro | Pociąg leśny {s}
- madera | Torre de anillas {s} | {s} stacking rings | 21.00 | Diez anillas de tilo que también ruedan. | Ten lime-wood rings that also roll. | las jezioro jarzebina | Wieża z krążków {s}
- madera | Caballo balancín pequeño | Little rocking horse | 64.00 | Para vigilar desde el estante o para jugar. | To watch from the shelf or to play with. | - | Mały konik na biegunach
- puzle_madera | Puzle de madera {s} | {s} wooden puzzle | 28.00 | Contrachapado cortado con láser, piezas con forma. | Laser-cut ply with shaped pieces. | las jezioro | Puzzle drewniane {s}
- pelota | Pelota de lana | Wool ball | 14.00 | Suena por dentro y no rompe nada. | It rattles and breaks nothing. | - | Piłka z wełny
- cuenco | Cuenco de Bolesławiec {s} | {s} Bolesławiec bowl | 26.00 | Estampado con esponja, punto a punto. | Sponge-stamped, dot by dot. | jezioro jarzebina | Miska z Bolesławca {s}
- taza | Taza de Bolesławiec {s} | {s} Bolesławiec mug | 17.00 | Gres que aguanta el horno y al nieto. | Stoneware that survives oven and grandchild. | jezioro jarzebina | Kubek z Bolesławca {s}
- mochila | Mochila de lona {s} | {s} canvas backpack | 74.00 | Lona encerada y correas de cuero. | Waxed canvas, leather straps. | las jezioro | Plecak płócienny {s}
- tienda | Tienda para dos | Two-person tent | 169.00 | Dos puertas y dos ábsides. | Two doors, two porches. | - | Namiot dwuosobowy
- casco | Casco urbano {s} | {s} city helmet | 54.00 | Ventilado y discreto. | Ventilated and discreet. | las jezioro jarzebina | Kask miejski {s}
- luz_bici | Faro de bici retro | Retro bike lamp | 34.00 | Carcasa de acero y LED de 200 lúmenes. | Steel shell, 200-lumen LED. | - | Lampa rowerowa retro
- esterilla | Esterilla de corcho | Cork yoga mat | 62.00 | Corcho y caucho, sin PVC. | Cork and rubber, no PVC. | - | Mata korkowa
- botella | Termo de excursión | Hiking flask | 28.00 | Tapa que es vaso. | The lid is a cup. | - | Termos turystyczny
- manta_mixta | Manta de lino y lana | Linen and wool throw | 78.00 | Fresca en junio, cálida en enero. | Cool in June, warm in January. | - | Pled z lnu i wełny
- vela | Vela de cera de abeja {s} | {s} beeswax candle | 16.00 | Moldeada a partir de piñas y ramas. | Moulded from cones and twigs. | las jarzebina | Świeca z wosku {s}
- miel | Miel de tilo | Linden honey | 9.40 | De los tilos de Kurpie; origen: Polonia. | From the lindens of Kurpie; origin: Poland. | - | Miód lipowy
- herramienta | Pala y horquilla de mano | Hand trowel and fork | 29.00 | Acero al carbono, mango de fresno. | Carbon steel, ash handle. | - | Łopatka i widełki
- cama_mascota | Casita de fieltro para gato | Felt cat cave | 48.00 | Fieltro de lana, sin costuras. | Wool felt, seamless. | - | Domek filcowy dla kota
- colgante | Lámpara de tela de araña de chapa | Veneer pendant lamp | 89.00 | Láminas de abedul curvadas. | Curved birch strips. | - | Lampa z forniru
"""
