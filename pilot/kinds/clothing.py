"""Articles of clothing, shoes and leather sellers."""

ARTICLES = """
== costa-lino
~ arena | Arena | Sand | Color crudo, sin tinte. | Raw colour, undyed.
~ mar | Mar de Fondo | Deep Sea | Azul añil que baja un tono con el primer lavado. | Indigo that loses a shade in the first wash.
~ salvia | Salvia | Sage | Verde grisáceo, como la ribera en agosto. | Grey green, like a riverbank in August.
~ teja | Teja | Roof Tile | Terracota suave, mejor al sol. | Soft terracotta, best in the sun.
- camisa | Camisa de lino {s} | {s} linen shirt | 59.00 | Cuello italiano y canesú doble; manga que se recoge con trabilla. | Italian collar, double yoke; sleeves that roll up on a tab. | arena mar salvia teja
- vestido | Vestido camisero de lino {s} | {s} linen shirt dress | 84.00 | Abotonado entero, con bolsillos donde los busca la mano. | Buttoned all the way, pockets where hands look for them. | arena mar salvia teja
- pantalon | Pantalón recto de lino {s} | {s} straight linen trousers | 69.00 | Cintura elástica por detrás y pinza delante. | Elastic behind, pleated in front. | arena mar salvia
- chaqueta | Chaqueta desestructurada {s} | {s} unstructured jacket | 129.00 | Sin hombreras: se dobla en la maleta y se pone. | No shoulder pads: fold it, unfold it, wear it. | arena mar teja
- camiseta | Camiseta de algodón {s} | {s} cotton tee | 24.00 | Corte recto y manga que no aprieta. | Straight cut, easy sleeve. | arena mar salvia teja
- fular | Fular de lino {s} | {s} linen scarf | 29.00 | Dos metros de lino calado. | Two metres of open-weave linen. | mar teja
- sombrero | Sombrero de palma trenzada | Braided palm hat | 38.00 | Trenzado en Gata, conformado al vapor. | Braided in Gata, steam-shaped. | -
- capazo | Capazo de palma | Palm market bag | 34.00 | Cabe la compra o la toalla. | Holds the shopping or the towel. | -
- camisa | Sobrecamisa de faena | Work overshirt | 76.00 | Sarga de lino y algodón, cuatro bolsillos. | Linen-cotton twill, four pockets. | -
- vestido | Vestido largo de tirantes | Long strap dress | 78.00 | Caída recta y abertura lateral. | A straight fall, slit at the side. | -
- sabana_lino | Juego de cama de lino | Linen bed set | 189.00 | El mismo lino de las camisas, más ancho. | The linen of the shirts, only wider. | -
== la-suela-de-esparto
~ negro | negras | black | Lona negra que no destiñe. | Black canvas that does not run.
~ marino | marino | navy | El azul de los pescadores. | Fishermen's blue.
~ crudo | crudas | natural | Lona sin blanquear. | Unbleached canvas.
~ rayas | de rayas | striped | Tela de toldo, de Alcoy. | Awning cloth from Alcoy.
- alpargata | Alpargatas planas {s} | Flat espadrilles, {s} | 29.90 | La alpargata de siempre, con puntera cosida a mano. | The classic, its toe stitched by hand. | negro marino crudo rayas
- alpargata | Alpargatas de cuña {s} | Wedge espadrilles, {s} | 54.00 | Cuña de siete centímetros y cintas al tobillo. | A seven-centimetre wedge, ankle ribbons. | negro crudo rayas
- alpargata | Alpargatas de piel {s} | Leather espadrilles, {s} | 62.00 | Ante forrado en algodón, para abril y octubre. | Suede lined with cotton, for April and October. | negro marino
- alpargata | Alpargatas de payés | Farmer's espadrilles | 34.00 | Con talonera atada y dedo protegido. | Tied heel, covered toe. | -
- alpargata | Alpargatas de novia | Wedding espadrilles | 68.00 | Marfil, con cinta de raso que se cambia. | Ivory, with an interchangeable satin ribbon. | -
- capazo | Capazo de esparto | Esparto basket bag | 42.00 | Trenzado a la manera de Blanca, con asas de piel. | Plaited the Blanca way, leather handles. | -
- capazo | Bolso redondo de esparto | Round esparto bag | 48.00 | Con forro de algodón y cierre de madera. | Cotton lining, wooden clasp. | -
- sombrero | Sombrero de esparto picado | Pounded esparto hat | 36.00 | El del campo, ligero y aireado. | The field hat, light and airy. | -
- estera | Estera de esparto | Esparto mat | 64.00 | Pleita cosida, para zaguanes. | Sewn plait, for hallways. | -
- lonas | Cojín de lona | Canvas cushion | 27.00 | De la misma lona que las alpargatas. | The canvas of the espadrilles. | -
- calcetin | Calcetines invisibles | No-show socks | 8.90 | Con silicona en el talón, que no se bajan. | Silicone at the heel: they stay. | -
- cama_mascota | Cesto de esparto para gato | Esparto cat bed | 46.00 | Lo arañará, y para eso está. | It will be scratched; that is what it is for. | -
- macetero | Macetero de esparto | Esparto planter | 24.00 | Con funda interior impermeable. | With a waterproof liner. | -
- alpargata | Alpargatas infantiles | Children's espadrilles | 24.90 | Con elástico, que se ponen solos. | Elastic, so that they put them on alone. | -
== marroquineria-ubrilla
~ cuero | cuero natural | natural tan | Color miel que se tuesta en un verano. | Honey coloured, tanned by one summer.
~ chocolate | chocolate | chocolate | Marrón hondo, el más sufrido. | Deep brown, the hardiest.
~ verde | verde botella | bottle green | Teñido en tambor, traspasado. | Drum-dyed, through and through.
~ negro | negro | black | Negro sin brillo. | Matt black.
- bolso | Bolso bandolera {s} | Crossbody bag, {s} | 118.00 | Solapa con imán y correa que se acorta. | Magnetic flap, adjustable strap. | cuero chocolate verde
- bolso | Bolso de asas {s} | Tote bag, {s} | 149.00 | Caben un portátil y la merienda. | Room for a laptop and a snack. | cuero chocolate negro
- bolso | Bolso saco {s} | Bucket bag, {s} | 129.00 | Cierra con cordón y nudo corredizo. | Closes with a cord and a slip knot. | cuero verde
- cartera | Cartera de hombre {s} | Bifold wallet, {s} | 44.00 | Ocho tarjetas, dos bolsillos y monedero. | Eight cards, two pockets, coin purse. | cuero chocolate negro
- cartera | Tarjetero {s} | Card holder, {s} | 24.00 | Lo mínimo: cuatro tarjetas y un billete doblado. | The minimum: four cards and a folded note. | cuero verde negro
- cartera | Monedero de herradura | Horseshoe coin purse | 29.00 | Se abre y se vuelca solo. | Opens and empties itself. | -
- cinturon | Cinturón {s} | Belt, {s} | 39.00 | Una tira de una pieza, hebilla reversible no: para siempre. | A single strip; the buckle does not flip, it lasts. | cuero chocolate negro
- mochila | Mochila de piel | Leather backpack | 189.00 | Solapa larga y dos hebillas que de verdad cierran. | A long flap and two buckles that do close. | -
- bolsa_viaje | Bolsa de viaje de piel | Leather travel bag | 239.00 | Cabina, con fondo rígido. | Cabin size, stiff base. | -
- cartera | Funda de pasaporte | Passport cover | 27.00 | Con hueco para la tarjeta de embarque. | With a slot for the boarding pass. | -
- bolso | Estuche de aseo | Wash bag | 54.00 | Forro lavable. | Washable lining. | -
- cuaderno | Cuaderno con tapa de piel | Leather-bound notebook | 42.00 | El cuaderno se cambia, la tapa se queda. | The notebook changes, the cover stays. | -
- funda_piel | Funda de móvil de piel | Leather phone case | 34.00 | Fina, con hueco para dos tarjetas. | Slim, room for two cards. | -
- reloj | Correa y reloj de diario | Everyday watch | 96.00 | Esfera limpia y correa de Ubrique que se cambia sin herramienta. | A clean dial and an Ubrique strap you change without tools. | -
- correa_perro | Collar y correa para perro | Dog collar and lead | 38.00 | Cuero engrasado, remaches que no cortan. | Oiled leather, rivets that do not cut. | -
== calzados-monteagudo
~ negro | negro | black | Box-calf negro que se lustra solo con cepillo. | Black box calf that shines with a brush.
~ conac | coñac | cognac | Coñac pulido a mano en la puntera. | Cognac, hand-burnished at the toe.
~ ante | ante topo | taupe suede | Ante tratado contra la lluvia. | Suede, treated against rain.
- zapato | Mocasín {s} | Loafer, {s} | 89.00 | Antifaz cosido y forro entero de piel. | Stitched apron, fully leather-lined. | negro conac ante
- zapato | Botín de tacón bajo {s} | Low-heeled ankle boot, {s} | 118.00 | Elástico ancho y tacón de tres centímetros. | Wide elastic, three-centimetre heel. | negro conac ante
- zapato | Bailarina {s} | Ballet flat, {s} | 74.00 | Flexible de verdad: se dobla en dos. | Truly flexible: it folds in two. | negro ante
- zapato_h | Zapato de cordones {s} | Derby shoe, {s} | 119.00 | Suela de cuero con tapa de goma. | Leather sole with a rubber top piece. | negro conac
- zapato_h | Bota de monte bajo {s} | Chukka boot, {s} | 128.00 | Dos ojetes y nada más. | Two eyelets and nothing else. | conac ante
- zapato_h | Zapatilla urbana de piel | Leather trainer | 98.00 | Suela cosida, plantilla de corcho. | Stitched sole, cork insole. | -
- zapato | Zapatilla de casa de fieltro | Felt slipper | 34.00 | Suela de goma que admite bajar la basura. | Rubber sole: fit for taking the rubbish out. | -
- zapato | Sandalia cangrejera | Fisherman sandal | 58.00 | La de los veranos, en piel de verdad. | The sandal of every summer, in real leather. | -
- cinturon | Cinturón a juego {s} | Matching belt, {s} | 32.00 | De la misma piel que el zapato. | Of the same skin as the shoe. | negro conac
- betun | Calzador y crema | Shoehorn and cream set | 19.00 | Calzador de latón, crema y gamuza. | Brass shoehorn, cream and chamois. | -
- calcetin | Calcetines de vestir | Dress socks | 12.50 | Hilo de Escocia, hasta la rodilla. | Lisle, knee-length. | -
- bolso | Bolso a juego | Matching handbag | 109.00 | Pequeño, con cadena que se esconde. | Small, with a chain that hides away. | -
"""
